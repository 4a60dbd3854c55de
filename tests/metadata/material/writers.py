"""What each generator of pictures writes, built byte for byte in the layout of that program.

Every writer takes a positive and a negative prompt and returns a file.
"""

from __future__ import annotations

import gzip
import io
import json
import struct
from collections.abc import Callable

import numpy as np
from PIL import Image

from tests.metadata.material import making

Writer = Callable[[str, str], bytes]


def a1111_text(positive: str, negative: str) -> str:
    return (
        f"{positive}\nNegative prompt: {negative}\nSteps: 28, Sampler: DPM++ 2M Karras, CFG scale: 7, "
        "Seed: 123456, Size: 512x512, Model hash: 6ce0161689, Model: v1-5-pruned-emaonly, Version: v1.10.1"
    )


def a1111_png(positive: str, negative: str) -> bytes:
    return making.png(making.text("parameters", a1111_text(positive, negative)))


def a1111_png_after_pixels(positive: str, negative: str) -> bytes:
    return making.png(making.text("parameters", a1111_text(positive, negative)), after_pixels=True)


def a1111_jpeg(positive: str, negative: str) -> bytes:
    return making.jpeg_exif(making.user_comment(a1111_text(positive, negative)))


def a1111_webp(positive: str, negative: str) -> bytes:
    block = making.user_comment(a1111_text(positive, negative))
    return making.riff((b"EXIF", b"Exif\0\0" + block))


def a1111_avif(positive: str, negative: str) -> bytes:
    return making.picture("AVIF", exif=making.user_comment(a1111_text(positive, negative)))


def a1111_hires(positive: str, negative: str) -> bytes:
    text = (
        f"a house\nNegative prompt: {negative}\nSteps: 20, Sampler: Euler a, Hires upscale: 2, "
        f"Hires prompt: {json.dumps(positive)}, Hires negative prompt: {json.dumps(negative)}, Version: f2.0.1"
    )
    return making.png(making.text("parameters", text))


def comfy_graphs(positive: str, negative: str) -> tuple[dict[str, object], dict[str, object]]:
    """The API form and the workflow form of a default graph."""
    prompt: dict[str, object] = {
        "3": {
            "class_type": "KSampler",
            "inputs": {
                "seed": 1, "steps": 20, "cfg": 8.0, "sampler_name": "euler", "model": ["4", 0],
                "positive": ["6", 0], "negative": ["7", 0], "latent_image": ["5", 0],
            },
        },
        "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "v1-5.safetensors"}},
        "5": {"class_type": "EmptyLatentImage", "inputs": {"width": 512, "height": 512, "batch_size": 1}},
        "6": {"class_type": "CLIPTextEncode", "inputs": {"text": positive, "clip": ["4", 1]}},
        "7": {"class_type": "CLIPTextEncode", "inputs": {"text": negative, "clip": ["4", 1]}},
        "8": {"class_type": "VAEDecode", "inputs": {"samples": ["3", 0], "vae": ["4", 2]}},
        "9": {"class_type": "SaveImage", "inputs": {"filename_prefix": "ComfyUI", "images": ["8", 0]}},
    }  # fmt: skip
    workflow: dict[str, object] = {
        "last_node_id": 9,
        "nodes": [
            {"id": 7, "type": "CLIPTextEncode", "inputs": [{"name": "clip", "type": "CLIP", "link": 5}],
             "outputs": [{"name": "CONDITIONING", "links": [6]}], "widgets_values": [negative]},
            {"id": 6, "type": "CLIPTextEncode", "inputs": [{"name": "clip", "type": "CLIP", "link": 3}],
             "outputs": [{"name": "CONDITIONING", "links": [4]}], "widgets_values": [positive]},
            {"id": 3, "type": "KSampler", "inputs": [
                {"name": "model", "type": "MODEL", "link": 1}, {"name": "positive", "type": "CONDITIONING", "link": 4},
                {"name": "negative", "type": "CONDITIONING", "link": 6}], "widgets_values": [1, "fixed", 20]},
            {"id": 4, "type": "CheckpointLoaderSimple", "widgets_values": ["v1-5.safetensors"]},
        ],
        "links": [[1, 4, 0, 3, 0, "MODEL"], [3, 4, 1, 6, 0, "CLIP"], [4, 6, 0, 3, 1, "CONDITIONING"],
                  [5, 4, 1, 7, 0, "CLIP"], [6, 7, 0, 3, 2, "CONDITIONING"]],
        "version": 0.4,
    }  # fmt: skip
    return prompt, workflow


def comfy_png(positive: str, negative: str) -> bytes:
    prompt, workflow = comfy_graphs(positive, negative)
    return making.png(making.text("prompt", json.dumps(prompt)), making.text("workflow", json.dumps(workflow)))


def comfy_workflow_only(positive: str, negative: str) -> bytes:
    return making.png(making.text("workflow", json.dumps(comfy_graphs(positive, negative)[1])))


def comfy_webp(positive: str, negative: str) -> bytes:
    prompt, workflow = comfy_graphs(positive, negative)
    block = making.exif_block(
        {
            0x0110: (2, f"prompt:{json.dumps(prompt)}\0".encode()),
            0x010F: (2, f"workflow:{json.dumps(workflow)}\0".encode()),
        }
    )
    return making.riff((b"EXIF", block))


def comfy_custom_nodes(positive: str, negative: str) -> bytes:
    """A loader that holds both prompts as widgets, and a text node of an extension."""
    prompt = {
        "1": {"class_type": "Efficient Loader", "inputs": {"positive": ["2", 0], "negative": negative, "ckpt": "x"}},
        "2": {"class_type": "Text Multiline (Extension)", "inputs": {"some_widget": positive}},
        "3": {"class_type": "KSampler (Efficient)", "inputs": {"positive": ["1", 1], "negative": ["1", 2]}},
        "4": {"class_type": "PreviewImage", "inputs": {"images": ["3", 5]}},
    }
    return making.png(making.text("prompt", json.dumps(prompt)))


def comfy_controlnet(positive: str, negative: str) -> bytes:
    """Both conditionings run through one node, so the node itself is reached on both ways."""
    prompt = {
        "1": {"class_type": "CLIPTextEncode", "inputs": {"text": positive}},
        "2": {"class_type": "CLIPTextEncode", "inputs": {"text": negative}},
        "3": {"class_type": "ControlNetApplyAdvanced", "inputs": {"positive": ["1", 0], "negative": ["2", 0]}},
        "4": {"class_type": "KSampler", "inputs": {"positive": ["3", 0], "negative": ["3", 1]}},
        "5": {"class_type": "SaveImage", "inputs": {"images": ["4", 0]}},
    }
    return making.png(making.text("prompt", json.dumps(prompt)))


def comfy_subgraph(positive: str, negative: str) -> bytes:
    """A workflow whose prompts stand in a subgraph, with links as objects; ids repeat those of the outer graph."""
    inner = {
        "id": "5c9f", "name": "sampling",
        "nodes": [
            {"id": 1, "type": "CLIPTextEncode", "inputs": [], "widgets_values": [positive]},
            {"id": 2, "type": "CLIPTextEncode", "inputs": [], "widgets_values": [negative]},
            {"id": 3, "type": "KSampler",
             "inputs": [{"name": "positive", "link": 1}, {"name": "negative", "link": 2}], "widgets_values": [7]},
        ],
        "links": [
            {"id": 1, "origin_id": 1, "origin_slot": 0, "target_id": 3, "target_slot": 0, "type": "CONDITIONING"},
            {"id": 2, "origin_id": 2, "origin_slot": 0, "target_id": 3, "target_slot": 1, "type": "CONDITIONING"},
        ],
    }  # fmt: skip
    outer = {
        "nodes": [{"id": 1, "type": "5c9f", "inputs": []}, {"id": 2, "type": "SaveImage", "widgets_values": ["x"]}],
        "links": [[1, 1, 0, 2, 0, "IMAGE"]],
        "definitions": {"subgraphs": [inner]},
    }
    return making.png(making.text("workflow", json.dumps(outer)))


def invoke_workflow(positive: str, negative: str) -> bytes:
    """A workflow of InvokeAI's editor: inputs inside `data`, edges with handles."""

    def prompt(identity: str, value: str) -> dict[str, object]:
        data = {"type": "compel", "label": "", "inputs": {"prompt": {"name": "prompt", "value": value}}}
        return {"id": identity, "type": "invocation", "data": data}

    value = {
        "name": "", "nodes": [prompt("a", positive), prompt("b", negative),
                              {"id": "c", "type": "invocation", "data": {"type": "denoise_latents"}}],
        "edges": [
            {"source": "a", "target": "c", "sourceHandle": "conditioning", "targetHandle": "positive_conditioning"},
            {"source": "b", "target": "c", "sourceHandle": "conditioning", "targetHandle": "negative_conditioning"},
        ],
    }  # fmt: skip
    return making.png(making.text("invokeai_workflow", json.dumps(value)))


def invoke_graph(positive: str, negative: str) -> bytes:
    nodes = {
        "positive_conditioning": {"type": "compel", "prompt": positive, "id": "positive_conditioning"},
        "negative_conditioning": {"type": "compel", "prompt": negative, "id": "negative_conditioning"},
    }
    return making.png(making.text("invokeai_graph", json.dumps({"id": "text_to_image_graph", "nodes": nodes})))


def invoke_metadata(positive: str, negative: str) -> bytes:
    value = {
        "app_version": "4.2.0", "generation_mode": "sdxl_txt2img", "positive_prompt": positive,
        "negative_prompt": negative, "positive_style_prompt": "", "negative_style_prompt": negative,
        "model": {"name": "sdxl", "base": "sdxl", "hash": "blake3:00"}, "steps": 30,
    }  # fmt: skip
    return making.png(making.text("invokeai_metadata", json.dumps(value)))


def invoke_sd_metadata(positive: str, negative: str) -> bytes:
    value = {
        "model": "stable diffusion", "model_hash": "cc6cb2", "app_id": "invoke-ai/InvokeAI",
        "image": {"prompt": [{"prompt": f"{positive} [{negative}]", "weight": 1.0}], "steps": 50, "cfg_scale": 7.5},
    }  # fmt: skip
    return making.png(making.text("sd-metadata", json.dumps(value)))


def invoke_dream(positive: str, negative: str) -> bytes:
    return making.png(making.text("Dream", f'"{positive} [{negative}]" -s 50 -S 4242 -W 512 -H 512 -C 7.5 -A k_lms'))


def _novelai_comment(positive: str, negative: str) -> str:
    return json.dumps(
        {
            "prompt": positive, "steps": 28, "uc": negative, "sampler": "k_euler_ancestral", "request_type": "x",
            "v4_prompt": {"caption": {"base_caption": positive, "char_captions": [{"char_caption": "1girl"}]}},
            "v4_negative_prompt": {"caption": {"base_caption": negative, "char_captions": []}},
            "signed_hash": "abc=",
        }
    )  # fmt: skip


def novelai_png(positive: str, negative: str) -> bytes:
    return making.png(
        making.text("Title", "NovelAI generated image"),
        making.text("Description", positive),
        making.text("Software", "NovelAI"),
        making.text("Source", "NovelAI Diffusion V4 37442FCA"),
        making.text("Comment", _novelai_comment(positive, negative)),
    )


def fooocus_json(positive: str, negative: str) -> bytes:
    value = {
        "base_model": "juggernautXL_v8", "full_prompt": [positive, "cinematic"], "full_negative_prompt": [negative],
        "negative_prompt": negative, "prompt": positive, "styles": "['Fooocus V2']", "version": "Fooocus v2.5.5",
    }  # fmt: skip
    return making.png(
        making.text("parameters", json.dumps(value)),
        making.text("fooocus_scheme", "fooocus"),
    )


def fooocus_a1111(positive: str, negative: str) -> bytes:
    return making.png(making.text("parameters", a1111_text(positive, negative)), making.text("fooocus_scheme", "a1111"))


def fooocus_jpeg(positive: str, negative: str) -> bytes:
    value = json.dumps({"prompt": positive, "negative_prompt": negative, "metadata_scheme": "fooocus"})
    block = making.exif_block(
        {0x0131: (2, b"Fooocus v2.5.5\0")}, {0x9286: (7, value.encode()), 0x927C: (2, b"fooocus\0")}
    )
    return making.jpeg_exif(block)


def swarm_png(positive: str, negative: str) -> bytes:
    value = {"sui_image_params": {"prompt": positive, "negativeprompt": negative, "model": "OfficialStableDiffusion"}}
    return making.png(making.text("parameters", json.dumps(value, indent=2)))


def swarm_jpeg(positive: str, negative: str) -> bytes:
    value = {"sui_image_params": {"prompt": positive, "negativeprompt": negative}}
    return making.jpeg_exif(making.user_comment(json.dumps(value)))


def draw_things(positive: str, negative: str) -> bytes:
    value = json.dumps({"c": positive, "uc": negative, "sampler": "DPM++ 2M Karras", "scale": 7, "size": "512x512"})
    escaped = value.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    description = f"{positive}\n-{negative}\nSteps: 20, Sampler: DPM++ 2M Karras, Guidance Scale: 7.0, Seed: 1"
    xmp = making.packet(
        f"<exif:UserComment><rdf:Alt><rdf:li xml:lang='x-default'>{escaped}</rdf:li></rdf:Alt></exif:UserComment>"
        f"<dc:description><rdf:Alt><rdf:li xml:lang='x-default'>{description}</rdf:li></rdf:Alt></dc:description>"
    )
    return making.png(making.chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp))


def midjourney(positive: str, negative: str) -> bytes:
    job = "Job ID: 9aa4b0b1-4f5a-4e8e-9a9b-0d6f5a1d2c3e"
    return making.png(
        making.text("Description", f"{positive} --no {negative} --ar 3:2 --v 6.0 {job}"),
        making.text("Author", "somebody"),
        making.text("Creation Time", "Thu, 04 Jan 2024 10:00:00 GMT"),
    )


def easy_diffusion(positive: str, negative: str) -> bytes:
    return making.png(
        making.text("prompt", positive),
        making.text("seed", "42"),
        making.text("use_stable_diffusion_model", "sd-v1-4"),
        making.text("negative_prompt", negative),
        making.text("num_inference_steps", "25"),
    )


def easy_diffusion_jpeg(positive: str, negative: str) -> bytes:
    value = {"prompt": positive, "negative_prompt": negative, "seed": 1, "use_stable_diffusion_model": "sd-v1-4"}
    return making.jpeg_exif(making.user_comment(json.dumps(value)))


def unknown_json(positive: str, negative: str) -> bytes:
    value = {"generator": "something new", "settings": {"mainPrompt": positive, "negativePrompt": negative}}
    return making.png(making.text("x-generation", json.dumps(value)))


def iptc_prompt(positive: str, negative: str) -> bytes:
    return making.jpeg_xmp(
        making.packet(f"<Iptc4xmpExt:AIPromptInformation>{positive}</Iptc4xmpExt:AIPromptInformation>")
    )


def _hide(bits: str, plane: np.ndarray) -> None:
    """Write bits into the lowest bits of a plane, (height, width) or (height, width, 3), down the columns."""
    turned = np.ascontiguousarray(np.swapaxes(plane, 0, 1))
    flat = turned.reshape(-1)
    values = np.frombuffer(bits.encode(), np.uint8) - ord("0")
    flat[: len(values)] = (flat[: len(values)] & 0xFE) | values
    plane[...] = np.swapaxes(turned, 0, 1)


def stealth_pixels(text: str, signature: str) -> np.ndarray:
    """RGBA uint8 (height, width, 4) with text hidden in it."""
    payload = text.encode()
    if signature.endswith("comp"):
        payload = gzip.compress(payload)
    packed = signature.encode() + struct.pack(">I", len(payload) * 8) + payload
    bits = "".join(f"{byte:08b}" for byte in packed)
    rgba = np.dstack([making.pixels(128), np.full((128, 128), 255, np.uint8)])
    if "rgb" in signature:
        rgb = rgba[:, :, :3].copy()
        _hide(bits, rgb)
        rgba[:, :, :3] = rgb
    else:
        alpha = rgba[:, :, 3].copy()
        _hide(bits, alpha)
        rgba[:, :, 3] = alpha
    return rgba


def stealth_file(text: str, signature: str) -> bytes:
    """A PNG with hidden text."""
    rgba = stealth_pixels(text, signature)
    buffer = io.BytesIO()
    Image.fromarray(rgba if "rgb" not in signature else rgba[:, :, :3]).save(buffer, "PNG")
    return buffer.getvalue()


def novelai_stealth_text(positive: str, negative: str) -> str:
    return json.dumps(
        {
            "Title": "NovelAI generated image", "Description": positive, "Software": "NovelAI",
            "Source": "NovelAI Diffusion V3", "Generation time": "3.1",
            "Comment": _novelai_comment(positive, negative),
        }
    )  # fmt: skip


WRITERS: dict[str, tuple[str, Writer]] = {
    "a1111-png": ("A1111", a1111_png),
    "a1111-png-after-pixels": ("A1111", a1111_png_after_pixels),
    "a1111-jpeg": ("A1111", a1111_jpeg),
    "a1111-webp": ("A1111", a1111_webp),
    "a1111-avif": ("A1111", a1111_avif),
    "a1111-hires": ("A1111", a1111_hires),
    "comfy-png": ("ComfyUI", comfy_png),
    "comfy-workflow-only": ("ComfyUI", comfy_workflow_only),
    "comfy-webp": ("ComfyUI", comfy_webp),
    "comfy-custom-nodes": ("ComfyUI", comfy_custom_nodes),
    "comfy-controlnet": ("ComfyUI", comfy_controlnet),
    "comfy-subgraph": ("ComfyUI", comfy_subgraph),
    "invoke-workflow": ("InvokeAI", invoke_workflow),
    "invoke-graph": ("InvokeAI", invoke_graph),
    "invoke-metadata": ("InvokeAI", invoke_metadata),
    "invoke-sd-metadata": ("InvokeAI", invoke_sd_metadata),
    "invoke-dream": ("InvokeAI", invoke_dream),
    "novelai": ("NovelAI", novelai_png),
    "fooocus-json": ("Fooocus", fooocus_json),
    "fooocus-a1111": ("Fooocus", fooocus_a1111),
    "fooocus-jpeg": ("Fooocus", fooocus_jpeg),
    "swarm-png": ("SwarmUI", swarm_png),
    "swarm-jpeg": ("SwarmUI", swarm_jpeg),
    "draw-things": ("Draw Things", draw_things),
    "midjourney": ("Midjourney", midjourney),
    "easy-diffusion": ("Easy Diffusion", easy_diffusion),
    "easy-diffusion-jpeg": ("Easy Diffusion", easy_diffusion_jpeg),
    "unknown-json": ("unnamed generator", unknown_json),
    "iptc-prompt": ("unnamed generator", iptc_prompt),
}
"""name -> (writer as it must be recognised, function)"""
