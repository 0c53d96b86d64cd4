"""Write the modules of `schemas/wire` anew, and remove what no schema asks for any more."""

from pathlib import Path

from schemas.generate.modules import modules

ROOT = Path(__file__).parent.parent.parent


def write(root: Path) -> None:
    """Write every generated module below a root, and remove those of types that are gone."""
    texts = modules()
    for folder in {str(Path(path).parent) for path in texts}:
        for old in (root / folder).glob("*.py"):
            if old.relative_to(root).as_posix() not in texts:
                old.unlink()
    for path, text in texts.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")


if __name__ == "__main__":
    write(ROOT)
