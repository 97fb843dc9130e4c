"""constructs.py - what may be wrong with a message, and how to write the same message without that one thing.

Each function takes octets and gives octets; where nothing is wrong in that way, the same. If two programs differ about a message
and agree about it once one such thing is gone, that thing is what they read differently."""
import base64
import binascii
import codecs
import quopri
import re

FIELD = re.compile(rb"[!-9;-~]+[ \t]*:")
TOKEN = rb"[!#$%&'*+.^_`|~0-9A-Za-z{}-]+"
ENTERED = re.compile(rb"(?im)^content-type\s*:\s*message/(rfc822|global)\b")
DIGEST = re.compile(rb"(?i)multipart/digest")
DATE = re.compile(rb"\s*((Mon|Tue|Wed|Thu|Fri|Sat|Sun), +)?[0-9]{1,2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [0-9]{4} "
                  rb"[0-2][0-9]:[0-5][0-9](:[0-5][0-9])? [+-][0-9]{4}( \([A-Za-z]+\))?\s*$")


def lines_of(data):
    return re.findall(rb"[^\n]*\n|[^\n]+$", data)


def blank(line):
    return line.strip(b"\r\n") == b""


def boundaries(data):
    return [b"--" + found.rstrip() for found in re.findall(rb"(?i)boundary\*?\s*=\s*\"?([^\";\r\n]+)", data)]


def marks_of(data):
    """Whole lines that part, and those that end it."""
    found = boundaries(data)
    return set(found + [mark + b"--" for mark in found])


def is_message(header, data, number):
    """A message follows: it is said so, or it is in a digest, which says so for its parts."""
    return ENTERED.search(header) is not None or (DIGEST.search(data) is not None and not re.search(rb"(?im)^content-type", header) and number > 0)


def blocks(data):
    """(is_header, [lines]) in turn; a header with its empty line. What stands behind a boundary or begins a message."""
    marks = marks_of(data)
    out, header, lines = [], True, []

    def end(now):
        nonlocal header, lines
        if lines:
            out.append((header, lines))
        header, lines = now, []

    for line in lines_of(data):
        if (out or lines) and line.rstrip() in marks:
            end(False)
            lines.append(line)
            end(True)
        elif header:
            lines.append(line)
            if blank(line):
                whole = b"".join(lines)
                end(is_message(whole, data, len(out)))
        else:
            lines.append(line)
    end(False)
    return out


def each_header(data, change):
    """change([fields]) -> [fields], for each header; a field is its lines, folding included."""
    out = []
    for header, lines in blocks(data):
        if not header:
            out += lines
            continue
        fields = []
        for line in lines:
            if fields and line[:1] in (b" ", b"\t") and not blank(line):
                fields[-1] += line
            else:
                fields.append(line)
        out += change(fields)
    return b"".join(out)


def each_field(data, change):
    return each_header(data, lambda fields: [field if blank(field) else change(field) for field in fields])


def name_of(field):
    return field.split(b":")[0].strip().lower()


def of(names, change):
    return lambda field: change(field) if b":" in field and name_of(field) in names else field


PARAMETERS = (b"content-type", b"content-disposition")


# ---------------------------------------------------------------- lines and headers

def cr_ends_lines(data):
    return re.sub(rb"\r(?!\n)", b"\r\n", data)


def no_bare_cr(data):
    return re.sub(rb"\r(?!\n)", b"", data)


def no_bare_lf(data):
    return re.sub(rb"(?<!\r)\n", b"\r\n", data)


def prefix(data):
    """A byte order mark, an mbox line, its quoted form, empty lines."""
    while True:
        rest = re.sub(rb"\A(\xef\xbb\xbf|>?From [^\n]*\n)", b"", data)
        if rest == data:
            return data
        data = rest


def first_folded(data):
    """A header that begins with white space."""
    def change(fields):
        while fields and fields[0][:1] in (b" ", b"\t"):
            del fields[0]
        return fields
    return each_header(data, change)


def no_field(data):
    """Lines in a header that are no fields."""
    while True:
        rest = each_header(data, lambda fields: [field for field in fields if blank(field) or FIELD.match(field)])
        if rest == data:
            return data
        data = rest


def blank_with_spaces(data):
    """Lines of white space alone, which continue a field."""
    return each_header(data, lambda fields: [re.sub(rb"(?m)^[ \t]+\r?\n", b"", field) if not blank(field) else field for field in fields])


def header_end(data):
    """Headers without an empty line behind them, at a boundary or at the end; half a line at the end."""
    out, found = b"", blocks(data)
    for i, (header, lines) in enumerate(found):
        text = b"".join(lines)
        if header and not blank(lines[-1]):
            if not text.endswith(b"\n"):
                text += b"\r\n"
            text += b"\r\n"
        out += text
    if not found or not out.endswith(b"\n"):
        out += b"\r\n"
    return out if blocks(out) else b"X: y\r\n\r\n"


def space_before_colon(data):
    return each_field(data, lambda field: re.sub(rb"\A([!-9;-~]+)[ \t]+:", rb"\1:", field))


def fields_again(data):
    """A field that may be there once, again."""
    def change(fields):
        seen, out = set(), []
        for field in fields:
            name = name_of(field)
            if name in (b"content-type", b"content-transfer-encoding", b"content-disposition", b"subject", b"date", b"from") and name in seen:
                continue
            seen.add(name)
            out.append(field)
        return out
    return each_header(data, change)


def controls(data):
    return re.sub(rb"[\0-\x08\x0b\x0c\x0e-\x1f\x7f]", b"", data)


def high(data):
    """Octets above 127 in headers."""
    return each_field(data, lambda field: re.sub(rb"[\x80-\xff]", b"x", field))


def empty_header(data):
    """A part that begins with its body: two empty lines' worth."""
    return re.sub(rb"(?m)^(--[^\r\n]+\r?\n)(\r?\n)", rb"\1X: y\r\n\2", data)


def bare_message(data):
    """A message or part whose header is empty, or begins with no field, or that is not there: it gets one."""
    out, found = b"", blocks(data)
    for i, (header, lines) in enumerate(found):
        if header and blank(lines[0]):
            out += b"X: y\r\n"
        elif header and not FIELD.match(lines[0]):
            out += b"X: y\r\n\r\n"
        out += b"".join(lines)
        if header and is_message(b"".join(lines), data, i) and (i + 1 == len(found) or not found[i + 1][0]):
            out += b"X: y\r\n\r\n" if blank(lines[-1]) else b"\r\nX: y\r\n\r\n"
    return out


# ---------------------------------------------------------------- parts

def empty_part(data):
    """Two boundaries one after the other."""
    out, last = [], False
    marks = boundaries(data)
    for line in lines_of(data):
        if last and line.rstrip() in marks_of(data):
            out.append(b"X: y\r\n\r\n\r\n")
        out.append(line)
        last = line.rstrip() in marks
    return b"".join(out)


def end_missing(data):
    """Boundaries without the last one: they are closed, innermost first; what an unclosed part ends with stays."""
    lines = [line.rstrip() for line in lines_of(data)]
    missing = [m for m in dict.fromkeys(boundaries(data)) if m in lines and m + b"--" not in lines]
    for mark in reversed(missing):
        data += b"\r\n" + mark + b"--\r\n"
    return data


def same_boundary(data):
    """The boundary of a multipart again, in one within or behind it: the later one gets another name."""
    seen = set()

    def change(found):
        again = found.group(2) in seen
        seen.add(found.group(2))
        return found.group(1) + b"again%d" % len(found.group()) if again else found.group()
    return re.sub(rb"(?i)(boundary\s*=\s*\"?)([^\";\r\n]+)", change, data)


def bad_boundary(data):
    """None at all, or one that RFC 2046 does not allow."""
    def change(field):
        if b"multipart/" not in field.lower():
            return field
        found = re.search(rb"(?is)boundary\s*=\s*(?:\"([^\"]*)\"|([^;\s]*))", field)
        value = found and (found.group(1) if found.group(1) is not None else found.group(2))
        if value and re.fullmatch(rb"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]", value):
            return field
        return b"Content-Type: text/plain\r\n"
    return each_field(data, of((b"content-type",), change))


def bad_type(data):
    """A type that is no type."""
    def change(field):
        value = field.split(b":", 1)[1]
        return field if re.match(rb"\s*" + TOKEN + rb"/" + TOKEN + rb"\s*(;|$)", value) else b"Content-Type: text/plain\r\n"
    return each_field(data, of((b"content-type",), change))


def encoded_composite(data):
    """A multipart or message with a transfer encoding."""
    def change(fields):
        whole = b"".join(fields).lower()
        if not re.search(rb"content-type\s*:\s*(multipart|message)/", whole):
            return fields
        return [field for field in fields if name_of(field) != b"content-transfer-encoding"]
    return each_header(data, change)


def deep(data):
    """More levels than 50."""
    return data if data.lower().count(b"content-type: m") < 45 else b"X: y\r\n\r\n"


# ---------------------------------------------------------------- parameters

def comments(data):
    return each_field(data, of(PARAMETERS, lambda field: re.sub(rb"\([^()\"]*\)", b"", field)))


def pieces_of(value):
    """What stands between semicolons outside of quotes."""
    out, at, quoted = [b""], 0, False
    while at < len(value):
        octet = value[at:at + 1]
        if quoted and octet == b"\\":
            octet = value[at:at + 2]
        elif octet == b"\"":
            quoted = not quoted
        elif octet == b";" and not quoted:
            out.append(b"")
            at += 1
            continue
        out[-1] += octet
        at += len(octet)
    return out


def strict_parameters(data):
    """Parameters that do not keep to the grammar of RFC 2045 section 5.1, and empty ones."""
    good = re.compile(rb"\s*(" + TOKEN + rb")=(" + TOKEN + rb"|\"(?:[^\"\\\r\n]|\\[^\r\n])*\")\s*\Z")

    def change(field):
        name, value = field.split(b":", 1)
        pieces = pieces_of(value)
        kept = [piece for piece in pieces[1:] if good.match(re.sub(rb"\r?\n(?=[ \t])", b"", piece))]
        head = pieces[0].strip() if pieces else b""
        head = head.split()[0] if head.split() else b"text/plain"
        return name + b": " + b"; ".join([head] + [piece.strip() for piece in kept]) + b"\r\n"
    return each_field(data, of(PARAMETERS, change))


def one_form(data):
    """A parameter twice, or in two forms, or in pieces that do not go together: its first form stays, if it is whole."""
    def change(field):
        seen, out = {}, []
        parts = re.split(rb"(;)", field)
        for part in parts:
            found = re.match(rb"\s*([^=*\s]+)(\*?[0-9*]*)\s*=", part)
            if found:
                name, form = found.group(1).lower(), found.group(2)
                kind = b"piece" if re.match(rb"\*[0-9]", form) else b"star" if form else b"plain"
                if name in seen and not (seen[name] == (b"piece", form_number(form) - 1) and kind == b"piece"):
                    if out and out[-1] == b";":
                        out.pop()
                    continue
                if name not in seen and kind == b"piece" and form_number(form) != 0:
                    if out and out[-1] == b";":
                        out.pop()
                    continue
                seen[name] = (kind, form_number(form))
            out.append(part)
        text = b"".join(out)
        return text if text.endswith(b"\n") else text + b"\r\n"
    return each_field(data, of(PARAMETERS, change))


def form_number(form):
    found = re.search(rb"[0-9]+", form)
    return int(found.group()) if found else -1


def odd_extended(data):
    """name*= without a character set that is known, or with octets that are none of it."""
    def good(found):
        parts = found.group(3).strip(b"\"").split(b"'")
        try:
            octets = binascii.a2b_qp(parts[2].replace(b"=", b"=3D").replace(b"%", b"="))
            return len(parts) == 3 and re.fullmatch(rb"(?:[^%]|%[0-9A-Fa-f]{2})*", parts[2]) and (octets.decode(parts[0].decode()) or 1)
        except (LookupError, IndexError, UnicodeError, ValueError):
            return False
    pattern = re.compile(rb";\s*([^=*;\s]+)(\*(?:0\*)?)=(\"[^\"]*\"|[^;\s]*)")
    return each_field(data, of(PARAMETERS, lambda field: pattern.sub(lambda m: m.group() if good(m) else b"", field)))


def continued(data):
    """name*0, name*1: pieces."""
    return each_field(data, of(PARAMETERS, lambda field: re.sub(rb";\s*[^=*;\s]+\*[0-9]+\*?=(\"[^\"]*\"|[^;\s]*)", b"", field)))


def two_stars(data):
    """name**=, which is no form of RFC 2231."""
    return each_field(data, of(PARAMETERS, lambda field: re.sub(rb";\s*[^=*;\s]+\*\*=(\"[^\"]*\"|[^;\s]*)", b"", field)))


def odd_charset(data):
    """A character set whose name is no token, or in the form of RFC 2231."""
    pattern = re.compile(rb"(?i);\s*charset(\*[0-9*]*)?=(\"[^\"]*\"|[^;\s]*)")
    return each_field(data, of(PARAMETERS, lambda field: pattern.sub(
        lambda m: m.group() if not m.group(1) and re.fullmatch(TOKEN, m.group(2).strip(b"\"")) else b"", field)))


def percent_controls(data):
    """Control characters in the percent form of RFC 2231."""
    return each_field(data, of(PARAMETERS, lambda field: re.sub(rb"%[01][0-9A-Fa-f]|%7[Ff]", b"", field)))


def word_in_parameter(data):
    return each_field(data, of(PARAMETERS, lambda field: re.sub(rb"=\?|\?=", b"??", field)))


# ---------------------------------------------------------------- encoded words

WORD = re.compile(rb"=\?([^?\s]+)\?([QqBb])\?([^?\s]*)\?=")


def word_is_good(charset, way, text):
    try:
        name = charset.split(b"*")[0].decode()
        codec = codecs.lookup(name).name
        octets = quopri.decodestring(text, header=True) if way in b"Qq" else base64.b64decode(text, validate=True)
        if way in b"Qq" and re.search(rb"=(?![0-9A-F]{2})", text):
            return False
        found = octets.decode(name)
        return not codec.startswith(("utf-7", "utf-16", "utf-32", "iso2022")) and found.isprintable() and b"*" not in charset and text != b""
    except (LookupError, UnicodeError, ValueError):
        return False


def broken_words(data):
    """Encoded words against RFC 2047, or whose octets are not of their character set: their marks are taken out, and no other's."""
    def change(field):
        out, at = b"", 0
        for found in WORD.finditer(field):
            before, behind = field[found.start() - 1:found.start()], field[found.end():found.end() + 1]
            alone = before in (b"", b" ", b"\t", b":", b"\n") and behind in (b"", b" ", b"\t", b"\r", b"\n", b"<")
            out += re.sub(rb"=\?|\?=", b"", field[at:found.start()])
            good = alone and word_is_good(*found.groups())
            out += found.group() if good else re.sub(rb"=\?|\?=|[?=*]", b"", found.group())
            at = found.end()
        return out + re.sub(rb"=\?|\?=", b"", field[at:])
    return each_field(data, of((b"subject", b"from"), change))


def adjacent_words(data):
    """Encoded words with nothing but blanks between them, in From."""
    return each_field(data, of((b"from",), lambda field: re.sub(rb"\?=\s+=\?", b"?= x =?", field)))


def folded_quotes(data):
    """Folds inside quotes of parameters."""
    return each_field(data, of(PARAMETERS, lambda field: re.sub(rb"\"[^\"]*\"", lambda m: re.sub(rb"\r?\n[ \t]+", b"", m.group()), field)))


def folded_values(data):
    """Folds of Subject and From, which unfold to a blank; blanks in a row; blanks at their ends."""
    def change(field):
        name, value = field.split(b":", 1)
        return name + b": " + b" ".join(value.split()) + b"\r\n"
    return each_field(data, of((b"subject", b"from"), change))


def addresses(data):
    """From that is not a list of "name <user@host>" and "user@host"."""
    atom = rb"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
    spec = atom + rb"(?:\." + atom + rb")*@" + atom + rb"(?:\." + atom + rb")*"
    word = rb"(?:" + atom + rb"|\"[^\"\\\r\n]*\")"
    one = re.compile(rb"\s*(?:(?:" + word + rb"(?:\s+" + word + rb")*\s*)?<" + spec + rb">|" + spec + rb")\s*\Z")

    def change(field):
        return field if all(map(one.match, field.split(b":", 1)[1].split(b","))) else b"From: a@b.example\r\n"
    return each_field(data, of((b"from",), change))


def dates(data):
    """Date in no form of RFC 5322 section 3.3."""
    return each_field(data, of((b"date",), lambda field: field if DATE.match(field.split(b":", 1)[1]) else b"Date: 1 Jan 2000 00:00:00 +0000\r\n"))


# ---------------------------------------------------------------- bodies

def encodings(data):
    """A transfer encoding that is none of RFC 2045's five words alone."""
    def change(field):
        word = field.split(b":", 1)[1].strip().lower()
        return field if word in (b"base64", b"quoted-printable", b"7bit", b"8bit", b"binary") else b"X: y\r\n"
    return each_field(data, of((b"content-transfer-encoding",), change))


def each_body(data, encoding, change):
    out, at_work = b"", False
    for header, lines in blocks(data):
        text = b"".join(lines)
        if header:
            at_work = re.search(rb"(?im)^content-transfer-encoding\s*:\s*\"?" + encoding, text) is not None
        elif at_work and text.rstrip() not in marks_of(data):
            text = change(text)
        out += text
    return out


def base64_junk(data):
    """base64 that is not groups of four characters in lines."""
    def change(text):
        stripped = re.sub(rb"\s", b"", text)
        if re.fullmatch(rb"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?", stripped):
            return text
        return b"YWJj\r\n"
    return each_body(data, rb"base64", change)


def qp_junk(data):
    """"=" with nothing behind that RFC 2045 section 6.7 knows, and blanks at the ends of lines."""
    def change(text):
        text = re.sub(rb"=(?![0-9A-F]{2}|\r?\n)", b"", text)
        return re.sub(rb"[ \t]+(?=\r?\n|\Z)|=\Z", b"", text)
    return each_body(data, rb"quoted-printable", change)
