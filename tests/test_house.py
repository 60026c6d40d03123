"""The house: who may import whom, who knows the driver, how long a module may be."""

import ast
import re
import tomllib
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("gql", "loaders", "seed", "store")
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
MAX_LINES = 300

DRIVERS = {"pymongo", "motor", "mongomock", "mongomock_motor", "bson"}
WEB = {"starlette", "strawberry", "graphql", "uvicorn"}

# room -> the other rooms that it may import; arrows run one way.
ARROWS = {
    "store": set(),
    "loaders": {"store"},
    "seed": {"store"},
    "gql": {"loaders", "store"},
}
# The command line stands above all rooms.
ENTRANCES = {"gql.__main__": {"seed"}, "gql.demo": {"seed"}}

# store/ has modules that never await and never see a driver.
PURE = (
    "along", "collections", "deadline", "names", "operators", "page", "pipeline", "projection",
    "trace", "where", "words",
)  # fmt: skip
EDGES = {
    f"store.{name}"
    for name in ("connect", "driver", "embedded", "errors", "reader", "reads", "store", "wire")
}


def module_of(path: Path) -> str:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


def imported(path: Path) -> set[str]:
    """Every module that is imported anywhere in a file, within functions too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.update({node.module, *(f"{node.module}.{alias.name}" for alias in node.names)})
    return found


def rooms_of(names: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize("path", MODULES, ids=module_of)
def test_imports_run_one_way(path: Path) -> None:
    name = module_of(path)
    room = name.partition(".")[0]
    allowed = ARROWS[room] | ENTRANCES.get(name, set()) | {room}
    assert (rooms_of(imported(path)) & set(ROOMS)) - allowed == set()


@pytest.mark.parametrize("path", MODULES, ids=module_of)
def test_only_the_store_knows_a_driver_and_only_the_gateway_the_web(path: Path) -> None:
    room = module_of(path).partition(".")[0]
    tops = rooms_of(imported(path))
    if room != "store":
        assert tops & DRIVERS == set()
    if room in ("store", "seed"):
        assert tops & WEB == set()


@pytest.mark.parametrize("path", MODULES, ids=module_of)
def test_a_module_can_be_read_at_one_sitting(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= MAX_LINES


@pytest.mark.parametrize("name", PURE)
def test_a_pure_module_of_the_store_never_awaits_and_sees_no_driver(name: str) -> None:
    path = ROOT / "store" / f"{name}.py"
    tree = ast.parse(path.read_text())
    assert not any(isinstance(node, ast.Await | ast.AsyncFunctionDef) for node in ast.walk(tree))
    names = imported(path)
    assert rooms_of(names) & DRIVERS == set()
    assert {name for name in names if name.startswith("store.") and name in EDGES} == set()


@pytest.mark.parametrize("room", ["loaders", "seed", "store"])
def test_no_module_needs_itself(room: str) -> None:
    imports = {module_of(path): imported(path) for path in (ROOT / room).glob("*.py")}
    rows = {name: names & imports.keys() - {room} for name, names in imports.items()}
    assert len(list(TopologicalSorter(rows).static_order())) == len(rows)  # CycleError names one


def test_rooms_do_not_import_the_tests() -> None:
    assert [module_of(path) for path in MODULES if "tests" in rooms_of(imported(path))] == []


def test_nothing_reads_the_environment_but_the_entrances() -> None:
    readers = {module_of(path) for path in MODULES if "os.environ" in path.read_text()}
    assert readers <= {"gql.__main__", "gql.serving"}


def test_each_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    asked = {canonical(line) for group in groups for line in group}
    locked = {canonical(line) for line in (ROOT / "constraints.txt").read_text().splitlines()}
    assert asked - locked == set()


def canonical(requirement: str) -> str:
    return re.split(r"[=<>;\[ ]", requirement)[0].lower().replace("_", "-")
