"""The rule table: `auditor explain`, the docs page and every report's rule texts come from it."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.model import Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing the tool can report."""

    id: str
    """`family.name`, stable for ever; policies, waivers and fingerprints refer to it."""
    name: str
    severity: Severity
    """Default severity; a check may lower it, and says why in the message."""
    help: str
    """One paragraph: what it means, how sure it is, what to do."""

    @property
    def slug(self) -> str:
        """Anchor in docs/rules.md."""
        return self.id.replace(".", "-")


RULES: tuple[Rule, ...] = (
    Rule(
        "copy.exact",
        "Exact copy of a listed work",
        "high",
        "The file has the same SHA-256 as a listed work: it is the same file, byte for byte. Remove it, or "
        "record the licence that allows it as a waiver.",
    ),
    Rule(
        "copy.pixels",
        "Same pixels as a listed work",
        "high",
        "After orientation is applied and transparency is laid on white, every pixel equals the listed work's: "
        "the file was re-saved without loss, or its metadata was changed. Remove it, or waive it.",
    ),
    Rule(
        "copy.whole",
        "Copy of a whole listed work",
        "high",
        "The perceptual hash (PDQ, 256 bits) of the whole picture lies within the tight bound of a listed work's: "
        "re-encoded, resized, mirrored, turned, squashed or recoloured. Look at both pictures, then remove it or "
        "waive it.",
    ),
    Rule(
        "copy.similar",
        "Looks like a listed work",
        "medium",
        "The perceptual hashes are near a listed work's but not within the tight bound, or only the second hash "
        "(pHash, 64 bits) matches. Many such pairs are copies, some are look-alikes: a person must look.",
    ),
    Rule(
        "copy.region",
        "Contains a part of a listed work",
        "high",
        "Local features of the picture fit those of a listed work in one consistent position, size and angle: a "
        "crop, a collage, a border, a screenshot or a sheet. The report says which part of the work stands where.",
    ),
    Rule(
        "copy.region-weak",
        "May contain a part of a listed work",
        "medium",
        "Some local features fit a listed work in a consistent position, but fewer than the verified bound asks "
        "for. A person must look at both regions.",
    ),
    Rule(
        "copy.shares-part",
        "Shares a part with a listed work",
        "medium",
        "A bounded part of the picture matches a part of the work while the rest differs: the same figure with "
        "another background, a re-used texture, a common source. It is evidence of re-use, not of a whole copy.",
    ),
    Rule(
        "name.caption",
        "Caption names a listed artist",
        "high",
        "A caption names a listed artist or alias. Scores of 0.8 and more fail by default, 0.5 to 0.8 ask for "
        "review. The span and the reason are given.",
    ),
    Rule(
        "name.path",
        "File or folder name names a listed artist",
        "high",
        "A file, folder or archive-member name names a listed artist. Some trainers use such names as captions, "
        "and they are published in the model's header.",
    ),
    Rule(
        "name.config",
        "Configuration names a listed artist",
        "high",
        "A trainer's configuration (prefix, suffix, class token, trigger word, sample prompt) names a listed "
        "artist, so the name may be trained although no caption file holds it.",
    ),
    Rule(
        "name.model-header",
        "Model header names a listed artist",
        "high",
        "The metadata that a finished LoRA carries (tag frequencies, folder names, title, trigger words) names a "
        "listed artist. Only the header is read. Some trainers write partial or made-up tag frequencies; the "
        "message says so where that is known.",
    ),
    Rule(
        "name.creator",
        "Metadata credits a listed artist",
        "high",
        "A creator, copyright or credit field inside the file names a listed artist.",
    ),
    Rule(
        "name.metadata",
        "Metadata text names a listed artist",
        "medium",
        "A title, description or keyword inside the file names a listed artist. It may describe whose work this is, "
        "or only what it shows: a person must look.",
    ),
    Rule(
        "signal.prohibited",
        "File reserves generative training",
        "high",
        "The file carries a machine-readable reservation that covers training generative models. The message "
        "names the field, its value and the vocabulary.",
    ),
    Rule(
        "signal.constrained",
        "File constrains training",
        "medium",
        "The file carries a machine-readable statement that makes training subject to conditions given elsewhere. "
        "Read them before release.",
    ),
    Rule(
        "signal.review",
        "File reserves a related use",
        "medium",
        "The file reserves a use near to, but not the same as, generative training (for instance non-generative "
        "training alone), or reserves it by a vocabulary used outside its scope. A person must decide.",
    ),
    Rule(
        "signal.natural-language",
        "Reservation in words",
        "medium",
        "A rights field says in plain words that AI training is not wanted. It is not machine-readable in the "
        "sense of a fixed vocabulary, so it is a class of its own.",
    ),
    Rule(
        "signal.signature-failed",
        "Signed metadata does not verify",
        "medium",
        "A C2PA manifest is present, but its signature or content binding does not verify. What it says is "
        "reported beside this and not dropped.",
    ),
    Rule(
        "signal.remote-manifest",
        "Remote manifest not fetched",
        "low",
        "The file points to a manifest on the network. Nothing is fetched during a scan, so what it says is not known.",
    ),
    Rule(
        "signal.draft-vocabulary",
        "Reservation in a draft vocabulary",
        "low",
        "The reservation uses a code of a draft that was later renamed. Its meaning is clear, its form outdated.",
    ),
    Rule(
        "signal.context",
        "Rights statement (context)",
        "low",
        "The file states a licence or allows mining. This is shown as context only: it never removes another finding.",
    ),
    Rule(
        "origin.ai-output",
        "Picture made by a generative model",
        "medium",
        "The file says of itself that a generative model made it (generation metadata, digital source type or a "
        "C2PA action).",
    ),
    Rule(
        "origin.ai-prompted-with-listed-name",
        "AI output prompted with a listed name",
        "high",
        "The file carries the prompt that made it, and the prompt names a listed artist: the way a style enters a "
        "training set without one original file.",
    ),
    Rule(
        "integrity.unsafe-member",
        "Unsafe archive member",
        "medium",
        "An archive holds a member that is absolute, climbs out with `..`, is a link, repeats a name, or is far "
        "larger unpacked than packed. It is not unpacked; what it holds may differ between tools.",
    ),
    Rule(
        "integrity.outside-dataset",
        "Sample outside the dataset",
        "medium",
        "A link or a configuration entry leads out of the dataset's folder. It is audited where the trainer would "
        "train on it, and not followed otherwise.",
    ),
    Rule(
        "integrity.caption-unreadable",
        "Caption not plain UTF-8",
        "low",
        "A caption file is not UTF-8, is empty where that matters, or is too large to be a caption. It was searched "
        "as far as it could be read; the message says what the trainer would do.",
    ),
    Rule(
        "integrity.metadata-unreadable",
        "Metadata not read in full",
        "low",
        "A part of the file's metadata is damaged, larger or deeper than is read, or needs an optional package that "
        "is not installed. What it says is not known; everything else of the file was read.",
    ),
    Rule(
        "dataset.trainer-stops",
        "The trainer would stop here",
        "low",
        "The trainer would end with an error at this file, so the set cannot be trained as it is. The audit went on.",
    ),
    Rule(
        "dataset.cache-outranks-files",
        "A cache outranks the files",
        "medium",
        "A trainer's cache (latents, text embeddings, a metadata listing) would be used instead of the pictures or "
        "captions beside it, so what is trained may differ from what was audited.",
    ),
    Rule(
        "dataset.missing-file",
        "Listed file is missing",
        "low",
        "A configuration or metadata row names a file that is not there.",
    ),
    Rule(
        "dataset.ignored-settings",
        "Settings in the dataset were ignored",
        "medium",
        "The dataset holds settings of this tool (`auditor.toml`, or `[tool.auditor]` in `pyproject.toml`). They are "
        "not obeyed: a dataset does not decide how closely it is looked at. Keep settings outside what is audited, or "
        "name the file with `--config FILE` where it is your own.",
    ),
    Rule(
        "dataset.partial-header",
        "Header does not tell all captions",
        "low",
        "A finished model's header tells the captions only in part, or not at all: some trainers write made-up or "
        "partial tag frequencies, some none. That no name is found in it is no evidence that none was trained.",
    ),
    Rule(
        "waiver.expired",
        "Waiver has expired",
        "medium",
        "A waiver's last day has passed, so it no longer holds. Renew it with evidence, or remove what it covered.",
    ),
    Rule(
        "waiver.unused",
        "Waiver matches nothing",
        "low",
        "No finding of this scan has the waiver's fingerprint. `auditor waivers prune` removes it.",
    ),
)

BY_ID: dict[str, Rule] = {rule.id: rule for rule in RULES}
