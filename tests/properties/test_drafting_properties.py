"""What an author saves comes back as it was written, and saving it again changes nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from everyfamily.core.packs.drafting import Added, drafted_pack, faults_of, sections_of, to_write
from everyfamily.core.packs.overrides import line_of
from tests.factories.english_pack import english_pack

_PAST = {one.id: line_of(one) for one in sections_of(english_pack())["past"]}


@given(
    st.dictionaries(st.sampled_from(sorted(_PAST)), st.text("abc |\"\\\n'#=é", min_size=1)),
    st.lists(st.text('ab "', min_size=1).map(lambda text: Added("past/1", text)), max_size=3),
)
def test_whatever_is_saved_comes_back_as_it_was_written(words: dict[str, str], added: list[Added]) -> None:
    pack = english_pack()
    rows = to_write(pack, {}, "en", _PAST | words, added)
    if faults_of(pack, rows):
        return
    drafted = {one.key: one for one in rows}
    letter = drafted_pack(pack, rows)
    now = {one.id: line_of(one) for one in sections_of(letter)["past"] if "+" not in one.id}
    assert now == {name: " ".join(line.split()) for name, line in (_PAST | words).items()}
    assert to_write(pack, drafted, "en", _PAST | words, added) == []
