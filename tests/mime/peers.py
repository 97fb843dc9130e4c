"""peers.py - whole messages, as this library, Python's email package and GMime read them: one record for all three."""
import ctypes
import datetime
import email
import email.policy
import email.message
import warnings

warnings.simplefilter("ignore")


class Part:
    """depth, type; of leaves the decoded octets; charset and filename as the header says."""

    def __init__(self, depth, kind, charset="", filename=None, body=None):
        self.depth, self.kind, self.charset, self.filename, self.body = depth, kind, charset, filename, body


class Reading:
    def __init__(self):
        self.subject = self.date = None
        self.people, self.parts, self.warnings = [], [], set()

    def tree(self):
        return [(part.depth, part.kind) for part in self.parts]

    def value(self, what, number=0):
        return getattr(self, what) if what in ("subject", "date", "people") else getattr(self.parts[number], what)


def text(field):
    return None if field == "-" else bytes.fromhex(field[1:]).decode("utf-8", "surrogateescape")


class Ours:
    def __init__(self, values):
        self.values = values

    def read(self, data):
        out = Reading()
        for line in self.values.ask("message", data).split("\n"):
            word, *rest = line.split(" ")
            if word == "subject":
                out.subject = text(rest[0])
            elif word == "date":
                out.date = int(rest[0]) if rest[0] else None
            elif word == "from":
                out.people.append((text(rest[0]), text(rest[1])))
            elif word == "part":
                body = None if rest[5] == "-" else bytes.fromhex(rest[5][1:])
                out.parts.append(Part(int(rest[0]), rest[2], text(rest[3]), text(rest[4]), body))
            elif word == "warnings":
                out.warnings = set(rest)
        return out


class Python:
    """Its modern interface: policy.default."""
    label = "python"

    def read(self, data):
        message = email.message_from_bytes(data, policy=email.policy.default)
        out = Reading()
        self.walk(message, 0, out)
        out.subject = self.safe(lambda: None if message["Subject"] is None else str(message["Subject"]))
        out.date = self.safe(lambda: self.date(message))
        out.people = self.safe(lambda: self.addresses(message)) or []
        return out

    @staticmethod
    def safe(function):
        """What breaks it has no value."""
        try:
            return function()
        except Exception as e:
            return "broken: " + type(e).__name__

    @staticmethod
    def date(message):
        when = message["Date"] and message["Date"].datetime
        return int((when if when.tzinfo else when.replace(tzinfo=datetime.timezone.utc)).timestamp()) if when else None

    @staticmethod
    def addresses(message):
        return [(a.display_name, a.addr_spec) for field in message.get_all("From", []) for a in field.addresses]

    def walk(self, part, depth, out):
        kind = self.safe(part.get_content_type)
        charset = self.safe(lambda: part.get_param("charset", ""))
        charset = (charset[2] if isinstance(charset, tuple) else charset).lower()
        one = Part(depth, kind, charset, self.safe(part.get_filename))
        out.parts.append(one)
        if part.is_multipart() and kind.startswith("multipart/") or kind in ("message/rfc822", "message/global") and part.is_multipart():
            for child in part.get_payload():
                self.walk(child, depth + 1, out)
        elif not part.is_multipart() and not kind.startswith("multipart/"):
            one.body = self.safe(lambda: part.get_payload(decode=True))
        else:
            one.body = ...  # a message within, taken apart: its octets are not to be had


class GMime:
    label = "gmime"

    def __init__(self):
        self.lib = ctypes.CDLL("libgmime-3.0.so.0")
        pointer, string, integer = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
        for name, result, *args in (
                ("g_mime_stream_mem_new_with_buffer", pointer, string, ctypes.c_size_t), ("g_mime_stream_mem_new", pointer),
                ("g_mime_stream_mem_get_byte_array", pointer, pointer), ("g_mime_parser_new_with_stream", pointer, pointer),
                ("g_mime_parser_construct_message", pointer, pointer, pointer), ("g_object_unref", None, pointer),
                ("g_mime_message_get_mime_part", pointer, pointer), ("g_mime_message_get_subject", string, pointer),
                ("g_mime_message_get_date", pointer, pointer), ("g_date_time_to_unix", ctypes.c_int64, pointer),
                ("g_mime_message_get_from", pointer, pointer), ("internet_address_list_length", integer, pointer),
                ("internet_address_list_get_address", pointer, pointer, integer), ("internet_address_get_name", string, pointer),
                ("internet_address_mailbox_get_addr", string, pointer), ("internet_address_group_get_members", pointer, pointer),
                ("g_type_check_instance_is_a", integer, pointer, ctypes.c_size_t),
                ("g_mime_object_get_content_type", pointer, pointer), ("g_mime_content_type_get_mime_type", pointer, pointer),
                ("g_mime_object_get_content_type_parameter", string, pointer, string), ("g_mime_part_get_filename", string, pointer),
                ("g_mime_multipart_get_count", integer, pointer), ("g_mime_multipart_get_part", pointer, pointer, integer),
                ("g_mime_message_part_get_message", pointer, pointer), ("g_mime_part_get_content", pointer, pointer),
                ("g_mime_data_wrapper_write_to_stream", ctypes.c_ssize_t, pointer, pointer), ("g_free", None, pointer),
                ("g_mime_object_get_content_disposition_parameter", string, pointer, string)):
            function = getattr(self.lib, name)
            function.restype, function.argtypes = result, args
        self.lib.g_mime_init()
        self.types = {}
        for name in ("g_mime_multipart", "g_mime_message_part", "g_mime_part", "internet_address_group"):
            function = getattr(self.lib, name + "_get_type")
            function.restype = ctypes.c_size_t
            self.types[name] = function()

    def is_a(self, thing, name):
        return self.lib.g_type_check_instance_is_a(thing, self.types[name])

    def read(self, data):
        stream = self.lib.g_mime_stream_mem_new_with_buffer(data, len(data))
        parser = self.lib.g_mime_parser_new_with_stream(stream)
        message = self.lib.g_mime_parser_construct_message(parser, None)
        out = Reading()
        if message:
            self.header(message, out)
            self.walk(self.lib.g_mime_message_get_mime_part(message), 0, out)
            self.lib.g_object_unref(message)
        self.lib.g_object_unref(parser)
        self.lib.g_object_unref(stream)
        return out

    @staticmethod
    def text(octets):
        return None if octets is None else octets.decode("utf-8", "replace")

    def header(self, message, out):
        out.subject = self.text(self.lib.g_mime_message_get_subject(message))
        date = self.lib.g_mime_message_get_date(message)
        out.date = self.lib.g_date_time_to_unix(date) if date else None
        self.addresses(self.lib.g_mime_message_get_from(message), out)

    def addresses(self, found, out):
        for i in range(self.lib.internet_address_list_length(found) if found else 0):
            one = self.lib.internet_address_list_get_address(found, i)
            if self.is_a(one, "internet_address_group"):
                self.addresses(self.lib.internet_address_group_get_members(one), out)
            else:
                out.people.append((self.text(self.lib.internet_address_get_name(one)) or "",
                                   self.text(self.lib.internet_address_mailbox_get_addr(one)) or ""))

    def kind(self, thing):
        found = self.lib.g_mime_content_type_get_mime_type(self.lib.g_mime_object_get_content_type(thing))
        out = ctypes.string_at(found).decode("utf-8", "replace").lower()
        self.lib.g_free(found)
        return out

    def walk(self, thing, depth, out):
        if not thing:
            return
        one = Part(depth, self.kind(thing), (self.text(self.lib.g_mime_object_get_content_type_parameter(thing, b"charset")) or "").lower())
        out.parts.append(one)
        if self.is_a(thing, "g_mime_multipart"):
            one.body = ...
            for i in range(self.lib.g_mime_multipart_get_count(thing)):
                self.walk(self.lib.g_mime_multipart_get_part(thing, i), depth + 1, out)
        elif self.is_a(thing, "g_mime_message_part"):
            one.body = ...
            message = self.lib.g_mime_message_part_get_message(thing)
            if message:
                self.walk(self.lib.g_mime_message_get_mime_part(message), depth + 1, out)
        elif self.is_a(thing, "g_mime_part"):
            one.filename = self.text(self.lib.g_mime_part_get_filename(thing))
            one.body = self.body(thing)
        if one.filename is None:  # of others, by hand
            for call, name in ((self.lib.g_mime_object_get_content_disposition_parameter, b"filename"),
                               (self.lib.g_mime_object_get_content_type_parameter, b"name")):
                one.filename = one.filename or self.text(call(thing, name))

    def body(self, part):
        content = self.lib.g_mime_part_get_content(part)
        if not content:
            return b""
        stream = self.lib.g_mime_stream_mem_new()
        self.lib.g_mime_data_wrapper_write_to_stream(content, stream)
        array = ctypes.cast(self.lib.g_mime_stream_mem_get_byte_array(stream), ctypes.POINTER(ctypes.c_void_p * 2))
        size = ctypes.cast(array, ctypes.POINTER(ctypes.c_uint32))[2]
        out = ctypes.string_at(array.contents[0], size) if size else b""
        self.lib.g_object_unref(stream)
        return out
