"""Where each picture container keeps its metadata: bytes -> blocks, without decoding a pixel."""
