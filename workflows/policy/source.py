"""A policy file as it was written: texts, lists and mappings that know their lines.

Nothing is guessed. YAML would take `no` for false, `2026-01-31` for a day and `1_0` for a number; here every value is
the text that stands there, and the shape says what it must be.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import yaml

from workflows.policy.problems import Path, PolicyError, quoted

LARGEST = 200_000
"""Bytes of a file."""
DEEPEST = 16
MOST_VALUES = 50_000
"""Values in a file once every alias is written out."""

_NULL, _TEXT = "tag:yaml.org,2002:null", "tag:yaml.org,2002:str"
_USUAL = {_NULL, _TEXT, "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map", "!"}
_SEEN_LATER = {  # told with the line on which it begins
    "expected ',' or": "a bracket opened here is not closed, or a comma is missing in it",
    "found unexpected end of stream": "a quotation mark opened here is not closed",
    "found unexpected document": "a quotation mark opened here is not closed",
    "could not find expected ':'": "there is no “:” after this key",
}
_IN_WORDS = {
    "found character '\\t'": "a tab stands here; indent with spaces",
    "found character": "a text that begins with this character must stand in quotation marks",
    "mapping values are not allowed": "one “:” too many, or this line is indented too far; a text with “: ” in it must "
    "stand in quotation marks",
    "expected <block end>": "this line is not indented like those it belongs to",
    "expected the node content": "a bracket is closed that was not opened, or nothing stands where a value belongs",
    "found unknown escape": "“\\” has a meaning between these quotation marks; use single ones",
    "but found another document": "a second document begins here; a policy is one",
    "found undefined alias": "nothing above has the name (&) this refers to",
    "second occurrence": "this name (&) is given twice",
    "expected alphabetic or numeric": "a text that begins with this character must stand in quotation marks",
    "expected chomping": "after “|” or “>” a text begins on the next line",
}


@dataclass(frozen=True, slots=True)
class Source:
    root: yaml.Node
    content: object

    def told(self, path: Path, sentence: str) -> str:
        """Return the sentence with the line and the keys it is about, from 1 and from the top."""
        line, words = 1, list[str]()
        node: yaml.Node | None = self.root
        for step in path:
            if isinstance(step, int) and isinstance(node, yaml.MappingNode):
                continue  # one that stands alone where a list may stand
            key, node = _child(node, step) if node is not None else (None, None)
            if key is not None:
                line = key.start_mark.line + 1
            words += [step] if isinstance(step, str) else _name_of(node, step)
        return f"line {line}: {'.'.join(words) or 'policy'}: {sentence}"


def text_of(file: bytes) -> str:
    """Return a file's text. Raises PolicyError when it is too large or no UTF-8."""
    _require_size(len(file))
    try:
        return file.decode("utf-8")
    except UnicodeDecodeError as error:
        line = file.count(b"\n", 0, error.start) + 1
        raise PolicyError([f"line {line}: policy: a character that is not UTF-8; save the file as UTF-8"]) from error


def read(text: str) -> Source:
    """Return the file with its lines. Raises PolicyError when it is no YAML, or more of it than a policy needs."""
    _require_size(len(text.encode(errors="surrogatepass")))
    try:
        root = _compose(text)
    except yaml.MarkedYAMLError as error:
        raise PolicyError([_not_yaml(error)]) from error
    except yaml.reader.ReaderError as error:
        line = len((text[: error.position] + "-").splitlines())
        raise PolicyError([f"line {line}: not YAML: a character that cannot be shown"]) from error
    if root is None:
        raise PolicyError(["line 1: policy: the file is empty"])
    _require_few(root)
    strange = list(_strange(root, set()))
    if strange:
        raise PolicyError(strange)
    return Source(root, _plain(root, {}))


class _Loader(yaml.SafeLoader):
    """Composes nodes; refuses what never ends and what nobody nests that deeply."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - YAML's own name and shape
        first: [(tag, pattern) for tag, pattern in resolvers if tag == _NULL]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._around: list[str | None] = []  # the names (&) of the parts this one stands in

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        line, name = event.start_mark.line + 1, event.anchor
        if isinstance(event, yaml.AliasEvent):
            if name in self._around:
                raise PolicyError([f"line {line}: *{name}: this refers to the part it stands in, and would never end"])
            return super().compose_node(parent, index)
        if len(self._around) == DEEPEST:
            raise PolicyError([f"line {line}: policy: nothing in a policy is nested this deeply"])
        self._around.append(name)
        try:
            return super().compose_node(parent, index)
        finally:
            self._around.pop()


def _compose(text: str) -> yaml.Node | None:
    loader = _Loader(text)
    try:
        return loader.get_single_node()
    except (
        ValueError,
        OverflowError,
    ) as error:  # an escape no character has the number of, or a number too long to read
        raise PolicyError([f"line {loader.line + 1}: not YAML: this cannot be read"]) from error


def _require_size(size: int) -> None:
    if size > LARGEST:
        raise PolicyError([f"line 1: policy: a file of {size:,} bytes; a policy may have {LARGEST:,}"])


def _not_yaml(error: yaml.MarkedYAMLError) -> str:
    began, here = _in_words(error, _SEEN_LATER), _in_words(error, _IN_WORDS)
    mark = error.context_mark if began else error.problem_mark
    return f"line {mark.line + 1 if mark else 1}: not YAML: {began or here or 'this cannot be read'}"


def _in_words(error: yaml.MarkedYAMLError, words: Mapping[str, str]) -> str | None:
    return next((said for start, said in words.items() if (error.problem or "").startswith(start)), None)


def _require_few(root: yaml.Node) -> None:
    """Raise PolicyError when aliases (*) written out would be more than anybody writes."""
    counted: dict[int, int] = {}

    def count(node: yaml.Node) -> int:
        if id(node) not in counted:
            counted[id(node)] = 1 + sum(count(each) for each in _parts(node))
            if counted[id(node)] > MOST_VALUES:
                line = node.start_mark.line + 1
                raise PolicyError([f"line {line}: policy: more than {MOST_VALUES:,} values; a policy needs fewer"])
        return counted[id(node)]

    count(root)


def _strange(node: yaml.Node, seen: set[int]) -> Iterator[str]:
    """Yield what YAML allows and a policy has no use for. A key given twice it would quietly take the last of."""
    if id(node) in seen:
        return
    seen.add(id(node))
    if node.tag not in _USUAL:
        yield f"line {node.start_mark.line + 1}: {node.tag}: a tag like this (!) cannot be used here"
    if isinstance(node, yaml.ScalarNode) and any(not _can_be_shown(each) for each in node.value):
        yield f"line {node.start_mark.line + 1}: policy: a character that cannot be shown"
    if isinstance(node, yaml.MappingNode):
        yield from _strange_keys(node)
    for each in _parts(node):
        yield from _strange(each, seen)


def _strange_keys(node: yaml.MappingNode) -> Iterator[str]:
    lines: dict[str, int] = {}
    for key, _ in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            yield f"line {line}: policy: a key must be a word"
        elif key.value == "<<":
            yield f"line {line}: <<: parts cannot be merged; write their keys out"
        elif key.value in lines:
            yield f"line {line}: {quoted(key.value)}: this key is given twice, first on line {lines[key.value]}"
        else:
            lines[key.value] = line


def _can_be_shown(character: str) -> bool:
    """Say whether people could see it: an escape can make what no database takes."""
    return character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cs")


def _parts(node: yaml.Node) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.SequenceNode):
        yield from node.value
    if isinstance(node, yaml.MappingNode):
        for pair in node.value:
            yield from pair


def _plain(node: yaml.Node, done: dict[int, object]) -> object:
    if id(node) not in done:
        if isinstance(node, yaml.MappingNode):
            done[id(node)] = {key.value: _plain(value, done) for key, value in node.value}
        elif isinstance(node, yaml.SequenceNode):
            done[id(node)] = [_plain(each, done) for each in node.value]
        else:
            done[id(node)] = None if node.tag == _NULL else node.value
    return done[id(node)]


def _child(node: yaml.Node, step: int | str) -> tuple[yaml.Node | None, yaml.Node | None]:
    """Return where the line of a step is, and what stands there."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return key, value
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
    return None, None


def _name_of(node: yaml.Node | None, position: int) -> list[str]:
    """Return what an item of a list is called: by its key, or by its place from 1; a word alone needs no name."""
    if not isinstance(node, yaml.MappingNode):
        return []
    for key, value in node.value:
        if key.value in ("key", "line") and isinstance(value, yaml.ScalarNode) and value.value:
            return [str(value.value)]
    return [f"number {position + 1}"]
