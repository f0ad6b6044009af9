"""Writes name-folding.txt, the table behind NameKey: what each character counts as when two names are compared.

Usage: python3 make_name_folding.py    (Debian's package libicu72 or a newer one is needed)

The data are Unicode's own, read through ICU: NFKC_Casefold (which also removes default-ignorable characters), the
skeleton of UTS 39 (confusables) and canonical decomposition, applied in turn until nothing changes. All three map
character by character, so their result for a whole name is that of its characters in canonical order.

Lines: "FROM TO", "FIRST-LAST TO" (a range: each character counts as the one at the same distance from TO), with TO a
sequence of hexadecimal code points, or empty; "@CLASS FIRST-LAST ..." lists the characters of a canonical combining class.
Hangul syllables are left out: NameKey decomposes them by arithmetic.
"""
import ctypes
import ctypes.util
import pathlib
import re
import unicodedata

uc_path = ctypes.util.find_library("icuuc")
version = re.search(r"\.so\.(\d+)", uc_path).group(1)
uc = ctypes.CDLL(uc_path)
i18n = ctypes.CDLL(ctypes.util.find_library("icui18n"))


def call(library, name, result, *arguments):
    function = getattr(library, f"{name}_{version}")
    function.restype = result
    error = ctypes.c_int(0)
    value = function(*arguments, ctypes.byref(error))
    if error.value > 0:
        raise RuntimeError(f"{name}: ICU error {error.value}")
    return value


def converter(library, name, handle, *before):
    def convert(text):
        units = text.encode("utf-16-le")
        source = (ctypes.c_uint16 * (len(units) // 2 + 1)).from_buffer_copy(units + b"\0\0")
        target = (ctypes.c_uint16 * 512)()
        length = call(library, name, ctypes.c_int32, ctypes.c_void_p(handle), *before, source, ctypes.c_int32(len(units) // 2), target, ctypes.c_int32(512))
        return bytes(target)[: 2 * length].decode("utf-16-le")

    return convert


nfkc_casefold = converter(uc, "unorm2_normalize", call(uc, "unorm2_getNFKCCasefoldInstance", ctypes.c_void_p))
nfd = converter(uc, "unorm2_normalize", call(uc, "unorm2_getNFDInstance", ctypes.c_void_p))
skeleton = converter(i18n, "uspoof_getSkeleton", call(i18n, "uspoof_open", ctypes.c_void_p), ctypes.c_uint32(0))


def fold(text):
    while True:
        folded = nfd(nfkc_casefold(skeleton(nfd(nfkc_casefold(text)))))
        if folded == text:
            return text
        text = folded


def category(code):
    return uc[f"u_charType_{version}"](code)


def ranges(codes):
    first = last = None
    for code in [*codes, None]:
        if last is not None and code == last + 1:
            last = code
            continue
        if first is not None:
            yield first, last
        first = last = code


def span(first, last):
    return f"{first:X}" if first == last else f"{first:X}-{last:X}"


UNASSIGNED, PRIVATE, SURROGATE, CONTROL = 0, 17, 18, 15
mapped, classes = [], {}
for code in range(0x110000):
    if category(code) in (PRIVATE, SURROGATE, CONTROL) or 0xAC00 <= code <= 0xD7A3:
        continue
    if combining := uc[f"u_getCombiningClass_{version}"](code) & 0xFF:
        classes.setdefault(combining, []).append(code)
    if category(code) == UNASSIGNED and not (0xE0000 <= code <= 0xE0FFF or code < 0x3000 or 0xFFF0 <= code < 0xFFFF):
        continue
    if (folded := fold(chr(code))) != chr(code):
        mapped.append((code, [ord(letter) for letter in folded]))

lines = []
index = 0
while index < len(mapped):
    first, target = mapped[index]
    last = index
    # A range moves along with its target, or vanishes as a whole.
    while last + 1 < len(mapped) and mapped[last + 1][0] == mapped[last][0] + 1 and (
        mapped[last + 1][1] == target == [] or (len(target) == 1 and mapped[last + 1][1] == [target[0] + mapped[last + 1][0] - first])
    ):
        last += 1
    lines.append(f"{span(first, mapped[last][0])} {' '.join(f'{code:X}' for code in target)}".rstrip())
    index = last + 1

for combining in sorted(classes):
    lines.append(f"@{combining} {' '.join(span(*pair) for pair in ranges(classes[combining]))}")

unicode_version = (ctypes.c_uint8 * 4)()
uc[f"u_getUnicodeVersion_{version}"](unicode_version)
header = f"# Made by make_name_folding.py from ICU {version}, Unicode {'.'.join(str(part) for part in unicode_version[:2])}. Unicode License: https://www.unicode.org/license.txt"
path = pathlib.Path(__file__).with_name("name-folding.txt")
path.write_text("\n".join([header, *lines]) + "\n", encoding="ascii")
print(f"{len(mapped)} characters in {len(lines)} lines, {path.stat().st_size} bytes")
