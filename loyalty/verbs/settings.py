"""`loyalty settings`: what is set, to what, and by which variable."""

from loyalty.console import err, show
from loyalty.inputs import AsCsv


def settings(*, as_csv: AsCsv = False) -> None:
    """Every setting, its value and where it comes from; secrets are not shown.

    A setting is given by its variable, LOYALTY_ and its name in capitals, or read from the file
    that the variable with _FILE behind it names.
    """
    from infra import settings as all_settings

    current = all_settings.load()
    rows = [
        (name, all_settings.shown(current, name), all_settings.whence(name), field.description)
        for name, field in type(current).model_fields.items()
    ]
    show(("setting", "value", "from", "what for"), rows, as_csv=as_csv)
    for variable in all_settings.unknown():
        err().print(f"{variable} is set, but there is no such setting.", style="yellow")
