"""Where a setting comes from: the command line, then AUDITOR_* variables, then auditor.toml, then the default."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from auditor.cli.console import say
from auditor.cli.inputs.config import Config, configs, load_config, within
from auditor.errors import ConfigError
from auditor.metadata.policies import Policies, parse_policies
from auditor.outcome import Waiver
from auditor.support import reading
from auditor.verdict.waivers import parse_waivers

Value = TypeVar("Value")
WAIVERS_FILE = "waivers.jsonl"
MAX_SIDE_FILE = 64 << 20


def nearest_config(audited: Iterable[Path] = (), named: Path | None = None) -> Config:
    """The configuration that holds: the named one, else the nearest upwards from the working directory that lies in
    none of the `audited` paths, else an empty one. A data set does not choose its own judge.

    Raises:
        ConfigError: it cannot be read or has an unknown key.
    """
    if named is not None:
        say(f"Settings: {named}")
        return load_config(named)
    homes = tuple(map(home, audited))
    for path in configs(Path.cwd()):
        if within(path, homes):
            say(f"Settings in {path} were ignored, because they lie in what is audited. --config {path} obeys them.")
            continue
        say(f"Settings: {path}")
        return outside_only(load_config(path), homes)
    return Config()


def home(path: Path) -> Path:
    """The folder that an audited path stands for: a trainer's configuration speaks for the folder that it lies in."""
    told = path.suffix.lower() in {".toml", ".json", ".jsonl", ".yaml", ".yml", ".csv"}
    return path.parent if told and path.is_file() else path


def outside_only(config: Config, homes: tuple[Path, ...]) -> Config:
    """The configuration without the files of waivers, policies and results that lie in what is audited."""
    for name in ("waivers", "policies", "cache"):
        path = getattr(config, name)
        if path is not None and within(path, homes):
            say(f"{name} in {path} were ignored, because they lie in what is audited. --{name} {path} uses them.")
            values: dict[str, Any] = {name: None}
            config = replace(config, **values)
    kept = tuple(path for path in config.index if not within(path, homes))
    if kept != config.index:
        say("Indexes that lie in what is audited were ignored. --index uses them.")
    return replace(config, index=kept)


def given(context: click.Context, name: str) -> bool:
    """Whether the user set this parameter on the command line or in the environment."""
    source = context.get_parameter_source(name)
    return source in (ParameterSource.COMMANDLINE, ParameterSource.ENVIRONMENT)


def pick(context: click.Context, name: str, configured: Value | None) -> Any:
    """The parameter's value, or the configured one where the user did not set the parameter."""
    value = context.params[name]
    if given(context, name) or configured is None or configured == ():
        return value
    return configured


def waivers_file(path: Path | None) -> Path:
    """The file that waivers are kept in: the named one, that of the configuration, or `waivers.jsonl` here.

    Raises:
        ConfigError: the configuration is off.
    """
    return path or nearest_config().waivers or Path(WAIVERS_FILE)


def read_waivers(path: Path | None) -> tuple[Waiver, ...]:
    """Read a waivers file; none at all gives no waivers.

    Raises:
        ConfigError: it cannot be read, or a line is malformed.
    """
    return parse_waivers(_text(path, "--waivers"), path.name) if path is not None else ()


def read_policies(path: Path | None) -> Policies | None:
    """Read a bundle of cached site policies.

    Raises:
        ConfigError: it cannot be read, or has another shape.
    """
    if path is None:
        return None
    try:
        return parse_policies(_text(path, "--policies"))
    except ValueError as error:
        raise ConfigError(f"--policies {path}: {error}. docs/signals.md shows the format.") from error


def _text(path: Path, option: str) -> str:
    try:
        return reading.read_text(path, MAX_SIDE_FILE).removeprefix("\ufeff")
    except OSError as error:
        raise ConfigError(f"{option} {path}: cannot be read ({error.strerror}). Check the path.") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{option} {path}: not UTF-8 text (byte {error.start}).") from error
