"""The table of settings as people read it: at the end of --help, and in docs/settings.md."""

from gql.settings import Row, rows


def settings_help() -> str:
    """The table for a terminal."""
    lines = ["Settings come from the environment:", ""]
    for row in rows():
        lines += [
            f"  {row.env}  ({_default(row)}{row.unit and ' '}{row.unit})",
            f"      {row.help}",
        ]
    return "\n".join(lines)


def settings_markdown() -> str:
    """The table for docs/settings.md, where a test looks for it."""
    head = "| name | default | unit | allowed | what it does |\n|---|---|---|---|---|\n"
    return head + "".join(
        f"| `{row.env}` | {_cell(_default(row))} | {row.unit} | {_cell(row.allowed)} "
        f"| {_cell(row.help)} |\n"
        for row in rows()
    )


def _default(row: Row) -> str:
    default = row.default or "empty"
    if row.production == row.default:
        return default
    return f"{default}; in production {row.production}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
