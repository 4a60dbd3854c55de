"""Where a setting comes from: the command line, then AUDITOR_* variables, then auditor.toml, then the default."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from auditor.cli.console import say
from auditor.cli.inputs.config import Config, find_config, load_config
from auditor.errors import ConfigError
from auditor.metadata.policies import Policies, parse_policies
from auditor.outcome import Waiver
from auditor.support import reading
from auditor.verdict.waivers import parse_waivers

Value = TypeVar("Value")
WAIVERS_FILE = "waivers.jsonl"
MAX_SIDE_FILE = 64 << 20


def nearest_config() -> Config:
    """The configuration that holds in the working directory; an empty one where there is none.

    Raises:
        ConfigError: it cannot be read or has an unknown key.
    """
    path = find_config(Path.cwd())
    if path is None:
        return Config()
    say(f"Settings: {path}")
    return load_config(path)


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
        return reading.read_text(path, MAX_SIDE_FILE)
    except OSError as error:
        raise ConfigError(f"{option} {path}: cannot be read ({error.strerror}). Check the path.") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{option} {path}: not UTF-8 text (byte {error.start}).") from error
