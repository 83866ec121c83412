"""What becomes of the site that families see when the worker that makes a newer one is in trouble: it stays whole."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.factories.city import NOW, City
from tests.integration.database.test_site_pages import ask, get, works
from tests.integration.database.test_site_pages import tom as tom

if TYPE_CHECKING:
    from django.test import Client

pytestmark = [pytest.mark.database, pytest.mark.slow]


class Killed(BaseException):
    """The end of a worker's process, of which nothing in it hears."""


def files(folder: Path) -> dict[str, bytes]:
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def newest() -> Any:
    from everyfamily.work.queries.sites import sites_made

    return sites_made().newest


def again_at(minutes: int) -> bool:
    from everyfamily.staff.site.tasks import publish_again_if_changed

    return publish_again_if_changed(NOW + timedelta(minutes=minutes))


@pytest.fixture
def published(
    tom: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Client, Path, dict[str, bytes]]]:
    """An author, the folder of the site that was published, and what is in it. Nothing else keeps it from families: to
    look for that takes most of the time."""
    monkeypatch.setattr("everyfamily.staff.site.making.hindrances", lambda site: [])
    ask(tom, "publish")
    works()
    yield tom, tmp_path / "site", files(tmp_path / "site")


def test_the_site_stays_whole_in_every_trouble(
    published: tuple[Client, Path, dict[str, bytes]], city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.test import override_settings

    from everyfamily.parentsite import export
    from everyfamily.staff.site import making, tasks

    tom, folder, before = published
    render, looked = export.render_site, making.hindrances

    # Killed in the middle of writing it: the work waits for the next worker, which makes it whole.
    def killed(*args: Any) -> Iterator[tuple[str, bytes]]:
        for number, one in enumerate(render(*args)):
            if number == 5:
                raise Killed
            yield one

    ask(tom, "publish")
    with monkeypatch.context() as here, pytest.raises(Killed):
        here.setattr(export, "render_site", killed)
        works()
    assert (newest().state, files(folder)) == ("working", before)
    works()
    assert (newest().state, files(folder)) == ("done", before)
    assert [one.name for one in folder.parent.glob("site*.part")] == []

    # The disk is full: it is said, and tried again after ten minutes without anybody's press.
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    ask(tom, "publish")
    with monkeypatch.context() as here:
        here.setattr(Path, "write_bytes", full)
        works()
    assert (newest().failed_code, files(folder)) == ("EF353", before)
    assert "no space left on device" in get(tom)
    assert "Families see the older site." in get(tom)
    assert (again_at(9), again_at(10)) == (False, True)
    works()
    assert newest().state == "done"

    # Nobody may write there, or the folder is what a web server serves: nothing of it is touched.
    (folder.parent / "a file").write_text("x", encoding="utf-8")
    root = folder.parent / "www"
    root.mkdir()
    (root / "index.html").write_text("<p>Something of somebody else</p>", encoding="utf-8")
    for place, code in ((folder.parent / "a file" / "site", "EF353"), (root, "EF350")):
        ask(tom, "publish")
        with override_settings(EVERYFAMILY_SITE_FOLDER=place):
            works()
            assert (newest().state, newest().failed_code) == ("failed", code)
    assert files(root) == {"index.html": b"<p>Something of somebody else</p>"}
    assert not again_at(60), "a person moves it"

    # Two who publish at once get one site. A worker that stood still, and was taken for dead, puts nothing over it.
    assert [ask(tom, "publish").status_code for _ in range(2)] == [302, 302]
    number, begun = newest().id, []

    def overtaken(site: Any) -> Any:
        if not begun:
            begun.append(True)
            tasks.make_the_site(work_id=number)
            monkeypatch.setattr(making, "export_site", never)
        return looked(site)

    def never(*_: Any, **__: Any) -> None:
        raise AssertionError("the worker that was overtaken wrote a site")

    with monkeypatch.context() as here:
        here.setattr(making, "hindrances", overtaken)
        tasks.make_the_site(work_id=number)
    assert (newest().id, newest().state, files(folder)) == (number, "done", before)


def test_a_worker_that_is_overtaken_while_it_writes_leaves_the_newer_site(
    published: tuple[Client, Path, dict[str, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    from everyfamily.parentsite import export
    from everyfamily.work.models import SiteBuild

    tom, folder, before = published
    ask(tom, "publish")
    taken = export._take_place

    def overtaken(beside: Path, out: Path, old: Path) -> None:
        assert out.name != "site", "it put its site over the newer one"
        taken(beside, out, old)
        SiteBuild.objects.filter(state="working").update(tries=2)  # another worker begins

    monkeypatch.setattr(export, "_take_place", overtaken)
    works()
    assert (newest().state, files(folder)) == ("working", before)
