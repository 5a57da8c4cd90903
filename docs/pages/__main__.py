"""Write every page that is made from the code's own data."""

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

HERE = Path(__file__).parent

for module in sorted(each.name for each in iter_modules([str(HERE)]) if not each.name.startswith("_")):
    page = import_module(f"docs.pages.{module}")
    for place, made in ((page.PAGE, page.text()), (f"zh/{page.PAGE}", page.text("zh"))):
        target = HERE.parent / place
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(made, encoding="utf-8")
        print(f"docs/{place}")  # noqa: T201
