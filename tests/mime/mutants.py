"""mutants.py - messages with one more fault or two, made from others. The same seed and number give the same."""
import random
import re


def lines_of(data):
    return re.findall(rb"[^\n]*\n|[^\n]+$", data)


def header_end(data):
    """Where the first empty line is, or all."""
    found = re.search(rb"\r?\n\r?\n", data)
    return found.start() if found else len(data)


def pick(dice, data, pattern, flags=re.M):
    """A place where the pattern is, or None."""
    found = list(re.finditer(pattern, data, flags))
    return dice.choice(found) if found else None


def put(data, at, new, old=0):
    return data[:at] + new + data[at + old:]


def drop_line(dice, data):
    lines = lines_of(data)
    if lines:
        del lines[dice.randrange(len(lines))]
    return b"".join(lines)


def double_line(dice, data):
    lines = lines_of(data)
    if lines:
        at = dice.randrange(len(lines))
        lines.insert(dice.randrange(len(lines)) if dice.random() < 0.2 else at, lines[at])
    return b"".join(lines)


def swap_lines(dice, data):
    lines = lines_of(data)
    if len(lines) > 1:
        at = dice.randrange(len(lines) - 1)
        to = at + 1 if dice.random() < 0.7 else dice.randrange(len(lines))
        lines[at], lines[to] = lines[to], lines[at]
    return b"".join(lines)


def boundary(dice, data):
    """One octet more, fewer or another in a boundary, where it is named or where it stands."""
    found = pick(dice, data, rb"boundary=\"?([^\"\r\n;]+)|^--(\S+)")
    if not found:
        return data
    at = dice.randrange(found.start(found.lastindex), found.end(found.lastindex) + 1)
    return dice.choice((put(data, at, b"x"), put(data, at, b"", 1), put(data, at, b" "), put(data, at, b"-"), put(data, at, b"X", 1)))


def cut(dice, data):
    return data[:dice.randrange(len(data) + 1)]


def line_ends(dice, data):
    plain = data.replace(b"\r\n", b"\n")
    way = dice.randrange(4)
    if way == 0:
        return plain
    if way == 1:
        return plain.replace(b"\n", b"\r")
    ends = (b"\n", b"\r\n") if way == 2 else (b"\n", b"\r\n", b"\r\n", b"\r", b"\r\r\n")
    return b"".join(line[:-1] + dice.choice(ends) if line.endswith(b"\n") else line for line in lines_of(plain))


def octet(dice, data):
    at = dice.randrange(len(data) + 1) if dice.random() < 0.5 else dice.randrange(header_end(data) + 1)
    return put(data, at, dice.choice((b"\0", b"\xe4", b"\xc3\xa9", b"\xff", b"\x1b", b"\x0b", b"\x0c", b"\x7f", b"\r", b"\n", b"\xef\xbb\xbf")))


def mark(dice, data):
    return dice.choice((b"\xef\xbb\xbf", b"\r\n", b"\n", b" ", b"From a@b Mon Jan  1 00:00:00 2024\r\n", b">From a\r\n", b"\xff\xfe")) + data


def double_field(dice, data):
    """A field again, elsewhere in its header or in another one, as it is or with another value."""
    field = pick(dice, data, rb"^[A-Za-z][A-Za-z-]*:[^\n]*\n(?:[ \t][^\n]*\n)*")
    at = pick(dice, data, rb"^(?=[A-Za-z-]+:)")
    if not field or not at:
        return data
    text = field.group()
    if dice.random() < 0.4:
        text = dice.choice((b"Content-Type: text/html\r\n", b"Content-Type: multipart/mixed; boundary=other\r\n",
                            b"Content-Transfer-Encoding: base64\r\n", b"Content-Transfer-Encoding: quoted-printable\r\n",
                            b"Subject: another\r\n", b"From: other@example.org\r\n", b"Date: Thu, 1 Jan 2015 00:00:00 +0000\r\n",
                            b"Content-Disposition: attachment; filename=other.txt\r\n"))
    return put(data, at.start(), text)


def double_parameter(dice, data):
    found = pick(dice, data, rb";\s*([A-Za-z*0-9]+)=(\"[^\"\r\n]*\"|[^;\s]+)")
    if not found:
        return data
    other = dice.choice((found.group(), b"; " + found.group(1) + b"=other", b"; " + found.group(1) + b"*=utf-8''%C3%A9",
                         b"; " + found.group(1) + b"*0=a; " + found.group(1) + b"*1=b", b"; (comment) x=y", b";"))
    return put(data, dice.choice((found.start(), found.end())), other)


def break_word(dice, data):
    found = pick(dice, data, rb"=\?([^?\s]*)\?([^?\s]*)\?([^?\r\n]*)\?=")
    if not found:
        field = pick(dice, data, rb"^(?:Subject|From|To): *")
        return put(data, field.end(), b"=?utf-8?q?=C3=A9_a?= ") if field else data
    charset, way, text = found.groups()
    other = dice.choice((b"=?%s?%s?%s?" % (charset, way, text), b"=?%s?%s?%s" % (charset, way, text),
                         b"=?%s?%s? %s?=" % (charset, way, text), b"=?%s?%s?%s=?=" % (charset, way, text),
                         b"=?%s?%s?%s?=" % (charset, way.swapcase(), text), b"=?%s*en?%s?%s?=" % (charset, way, text),
                         b"=?x-none?%s?%s?=" % (way, text), b"=?%s?x?%s?=" % (charset, text), b"=??%s?%s?=" % (way, text),
                         b"=?%s?%s?%s?=" % (charset, way, text[:-1]), b"=?%s?%s?%s?=x" % (charset, way, text),
                         b"x" + found.group(), b"\"" + found.group() + b"\"", found.group() * 2,
                         b"=?%s?%s?%s?= " % (charset, way, text[:len(text) // 2]) + b"=?%s?%s?%s?=" % (charset, way, text[len(text) // 2:])))
    return put(data, found.start(), other, len(found.group()))


def charset(dice, data):
    found = pick(dice, data, rb"charset=\"?([A-Za-z0-9_-]+)", re.I) or pick(dice, data, rb"=\?([A-Za-z0-9_-]+)\?")
    label = dice.choice((b"utf-8", b"UTF8", b"iso-8859-1", b"us-ascii", b"x-none", b"koi8-r", b"utf-16", b"gb2312", b"iso-2022-jp", b"", b"utf-7"))
    if not found:
        found = pick(dice, data, rb"text/\w+()", re.I)
        label = b"; charset=" + label
    return put(data, found.start(1), label, len(found.group(1))) if found else data


def body_junk(dice, data):
    """Into the lines behind a transfer encoding, or a transfer encoding for lines that have none."""
    found = pick(dice, data, rb"Content-Transfer-Encoding:\s*([\w-]+)", re.I)
    way = dice.randrange(4)
    if found and way == 0:
        label = dice.choice((b"base64", b"quoted-printable", b"7bit", b"x-none", b"BASE64", b"\"base64\"", b"base64 (c)", b"base-64", b"base64;", b"8 bit"))
        return put(data, found.start(1), label, len(found.group(1)))
    begin = data.find(b"\n\r\n", found.end() if found else header_end(data) - 2)
    if begin < 0:
        return data
    stop = data.find(b"\n--", begin + 3)
    at = dice.randrange(begin + 3, max(begin + 4, stop if stop > 0 else len(data)))
    return put(data, at, dice.choice((b"!", b" ", b"=", b"==", b"=\r\n", b"=4", b"=zz", b"=c3", b"\r\n", b"-", b"A", b"\t\r\n", b"====\r\n", b".")))


def no_blank(dice, data):
    found = pick(dice, data, rb"\n(\r?\n)")
    return put(data, found.start(1), dice.choice((b"", b" \r\n", b"a line\r\n", b"\t\r\n")), len(found.group(1))) if found else data


def fold(dice, data):
    """Folds where it should not be, or takes a fold away."""
    end = header_end(data)
    found = pick(dice, data, rb"\r?\n([ \t]+)")
    if found and dice.random() < 0.4:
        return put(data, found.start(), dice.choice((b"", b" ", b"\r\n", b"\r\n \r\n ")), len(found.group()))
    return put(data, dice.randrange(end + 1), dice.choice((b"\r\n ", b"\r\n\t", b"\n ", b"\r\n")))


def nest(dice, data):
    """The message in a message, in a multipart, or in one of its own parts."""
    way = dice.randrange(4)
    if way == 0:
        return b"Subject: outer\r\nContent-Type: message/rfc822\r\n\r\n" + data
    if way == 1:
        return b"Content-Type: multipart/mixed; boundary=outer\r\n\r\n--outer\r\nContent-Type: message/rfc822\r\n\r\n" + data + b"\r\n--outer--\r\n"
    found = pick(dice, data, rb"boundary=\"?([^\"\r\n;]+)")
    if way == 2 and found:
        return data + b"\r\n--" + found.group(1) + b"\r\nContent-Type: message/rfc822\r\n\r\n" + data
    at = pick(dice, data, rb"^(?=--\S)")
    if not at:
        return b"Content-Type: multipart/digest; boundary=o\r\n\r\n--o\r\n\r\n" + data + b"\r\n--o--\r\n"
    return put(data, at.start(), b"Content-Type: message/rfc822\r\n\r\n" + data)


WAYS = (drop_line, double_line, swap_lines, boundary, cut, line_ends, octet, mark, double_field, double_parameter, break_word, charset,
        body_junk, no_blank, fold, nest)


def mutant(messages, seed, number):
    """(what was done, the message) of (name, octets) pairs."""
    dice = random.Random("%s:%d" % (seed, number))
    name, data = messages[dice.randrange(len(messages))]
    done = [name]
    for _ in range(1 if dice.random() < 0.7 else 2):
        way = WAYS[dice.randrange(len(WAYS))]
        data = way(dice, data)
        done.append(way.__name__)
    return " ".join(done), data
