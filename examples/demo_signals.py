"""Three pictures of the demo that say something of themselves.

    generated_harbour.png    made by a model: its prompt (A1111 layout) names the artist
    reserved_valley.jpg      reserves data mining (IPTC/PLUS `DMI-PROHIBITED` in XMP)
    signed_coast.png         a C2PA manifest with `cawg.training-mining`, signed by a certificate made here

The first two are the same bytes on every machine with the same Pillow; the signed one differs on every run, since its
key, its certificate and its manifest's identifiers are made anew.
"""

from __future__ import annotations

import datetime
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, PngImagePlugin

SIZE = (512, 384)
"""Width and height in pixels."""
XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/">
<plus:DataMining>http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED</plus:DataMining>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


def landscape(seed: int) -> Image.Image:
    """A painted-looking landscape of layered hills under a sky, RGB, of `SIZE`; the same for the same seed."""
    width, height = SIZE
    random = np.random.default_rng(seed)
    top, bottom = random.integers(90, 250, (2, 3))
    share = np.linspace(0, 1, height)[:, None]
    sky = top * (1 - share) + bottom * share
    pixels = np.repeat(sky[:, None, :], width, axis=1)
    across = np.arange(width)
    for layer in range(6):
        waves = sum(
            random.uniform(4, 26) * np.sin(across * random.uniform(0.005, 0.05) + random.uniform(0, 6.3))
            for _ in range(4)
        )
        ridge = height * (0.35 + 0.1 * layer) + waves
        colour = random.integers(20, 220, 3) * (1 - 0.08 * layer)
        texture = random.normal(0, 9, (height, width, 1))
        below = np.arange(height)[:, None] > ridge[None, :]
        pixels = np.where(below[:, :, None], colour + texture, pixels)
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def add_signals(dataset_dir: Path, artist_name: str) -> tuple[Path, ...]:
    """Write the three pictures with a caption each, and return the pictures' paths.

    The signed picture needs the extra `c2pa` and `cryptography`; without them it is left out.

    Raises:
        OSError: a file cannot be written.
    """
    folder = Path(dataset_dir)
    folder.mkdir(parents=True, exist_ok=True)
    written = [_generated(folder, artist_name), _reserved(folder)]
    signed = sign_picture(landscape(73))
    if signed is not None:
        path = folder / "signed_coast.png"
        path.write_bytes(signed)
        written.append(path)
    for path in written:
        path.with_suffix(".txt").write_text(f"a {path.stem.rpartition('_')[2]}, layered hills\n", encoding="utf-8")
    return tuple(written)


def _generated(folder: Path, artist_name: str) -> Path:
    info = PngImagePlugin.PngInfo()
    info.add_text(
        "parameters",
        f"a quiet harbour at dawn, painting by {artist_name}, soft light\n"
        "Negative prompt: blurry, text\n"
        "Steps: 28, Sampler: DPM++ 2M Karras, CFG scale: 7, Seed: 20240107, Size: 512x384, Model: demo-model",
    )
    path = folder / "generated_harbour.png"
    landscape(71).save(path, pnginfo=info)
    return path


def _reserved(folder: Path) -> Path:
    path = folder / "reserved_valley.jpg"
    landscape(72).save(path, quality=90, xmp=XMP.encode())
    return path


def sign_picture(image: Image.Image) -> bytes | None:
    """Return the picture as PNG with a signed reservation, or None where the packages for it are not installed."""
    try:
        import c2pa
        import cryptography  # noqa: F401
    except ImportError:
        return None
    chain, key = certificate()
    manifest = {
        "claim_generator_info": [{"name": "auditor demo", "version": "1"}],
        "title": "signed_coast.png",
        "assertions": [
            {
                "label": "cawg.training-mining",
                "data": {
                    "entries": {
                        "cawg.ai_generative_training": {"use": "notAllowed"},
                        "cawg.ai_training": {"use": "notAllowed"},
                        "cawg.ai_inference": {"use": "allowed"},
                        "cawg.data_mining": {"use": "notAllowed"},
                    }
                },
            },
            {
                "label": "c2pa.actions",
                "data": {
                    "actions": [
                        {
                            "action": "c2pa.created",
                            "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCreation",
                        }
                    ]
                },
            },
        ],
    }
    settings = {
        "verify": {"verify_after_sign": False, "remote_manifest_fetch": False, "ocsp_fetch": False},
        "builder": {"thumbnail": {"enabled": False}},
    }
    source, target = io.BytesIO(), io.BytesIO()
    image.save(source, "PNG")
    info = c2pa.C2paSignerInfo(b"es256", chain, key, None)
    with (
        c2pa.Context.from_dict(settings) as context,
        c2pa.Builder(json.dumps(manifest), context=context) as builder,
        c2pa.Signer.from_info(info) as signer,
    ):
        builder.sign(signer, "image/png", io.BytesIO(source.getvalue()), target)
    return target.getvalue()


def certificate() -> tuple[bytes, bytes]:
    """Make a root and a signing certificate for the demo; return (chain, private key of the signer) as PEM."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID

    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = (
        _begin("Auditor Demo Root", root_key.public_key())
        .add_extension(x509.BasicConstraints(True, None), True)
        .add_extension(_usage(key_cert_sign=True, crl_sign=True), True)
        .sign(root_key, hashes.SHA256())
    )
    leaf = (
        _begin("Auditor Demo Signer", key.public_key())
        .add_extension(x509.BasicConstraints(False, None), True)
        .add_extension(_usage(digital_signature=True), True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), False)
        .sign(root_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    chain = leaf.public_bytes(pem) + root.public_bytes(pem)
    return chain, key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def _begin(subject: str, public_key: Any) -> Any:
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    def name(common: str) -> Any:
        organisation = x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Auditor Demo")
        return x509.Name([organisation, x509.NameAttribute(NameOID.COMMON_NAME, common)])

    return (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(name("Auditor Demo Root"))
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.datetime(2024, 1, 1))
        .not_valid_after(datetime.datetime(2044, 1, 1))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), False)
    )


def _usage(**given: bool) -> Any:
    from cryptography import x509

    names = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: given.get(name, False) for name in names})
