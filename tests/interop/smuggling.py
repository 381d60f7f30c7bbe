"""Requests whose end could be seen in two ways (row A1), as a table of building blocks: each row is a name and the bytes of a
connection, which end in a further request, `SMUGGLED`. Some of the rows are good requests, lest agreement be about nothing."""

SMUGGLED = b"GET /healthcheck HTTP/1.1\r\nHost: b\r\nConnection: close\r\n\r\n"
END = b"0\r\n\r\n"  # the end of a chunked body, and five bytes for a Content-Length
ALL = len(END) + len(SMUGGLED)


def head(*fields, line=b"POST /api HTTP/1.1", host=b"Host: a"):
    return b"\r\n".join([line, *([host] if host else []), *fields, b"", b""])


def length(value):
    return b"Content-Length: " + (value if isinstance(value, bytes) else str(value).encode())


CHUNKED = b"Transfer-Encoding: chunked"


def good():
    yield "nothing but a head", head(line=b"GET /api HTTP/1.1")
    yield "a body by its length", head(length(5)) + b"hello"
    yield "a body of nothing", head(length(0))
    yield "no word about a body", head()
    yield "a body in chunks", head(CHUNKED) + b"3\r\nabc\r\n2\r\nde\r\n" + END
    yield "a body of no chunks", head(CHUNKED) + END
    yield "an extension", head(CHUNKED) + b"3;a=b\r\nabc\r\n" + END
    yield "a trailer", head(CHUNKED) + b"3\r\nabc\r\n0\r\nT: u\r\n\r\n"
    yield "an empty line first", b"\r\n" + head(length(5)) + b"hello"
    yield "close", head(length(5), b"Connection: close") + b"hello"
    yield "a GET with a body", head(length(5), line=b"GET /api HTTP/1.1") + b"hello"
    yield "a GET in chunks", head(CHUNKED, line=b"GET /api HTTP/1.1") + END
    yield "a PUT", head(length(5), line=b"PUT /api HTTP/1.1") + b"hello"
    yield "a DELETE with a body", head(length(5), line=b"DELETE /api HTTP/1.1") + b"hello"
    yield "a body that is a request", head(length(len(SMUGGLED))) + SMUGGLED
    yield "an absolute target", head(length(5), line=b"POST http://a/api HTTP/1.1") + b"hello"
    yield "it expects to be told", head(length(5), b"Expect: 100-continue") + b"hello"


def lengths_and_encodings():
    for encoding in (CHUNKED, b"transfer-encoding: CHUNKED", b"Transfer-Encoding:chunked", b"Transfer-Encoding: \tchunked "):
        for bytes_said in (0, len(END), ALL, 1):
            yield f"{encoding!r} before a length of {bytes_said}", head(encoding, length(bytes_said)) + END
            yield f"{encoding!r} behind a length of {bytes_said}", head(length(bytes_said), encoding) + END
    for first, second in ((0, 5), (5, 0), (5, 5), (5, ALL), (ALL, 5)):
        yield f"lengths of {first} and {second}", head(length(first), length(second)) + END
        yield f"lengths of {first} and {second}, apart", head(length(first), b"X: y", length(second)) + END
        yield f"a list of lengths, {first} and {second}", head(length(f"{first}, {second}".encode())) + END
    yield "three lengths", head(length(5), length(5), length(ALL)) + END
    yield "chunked twice", head(CHUNKED, CHUNKED) + END
    yield "chunked, then identity", head(CHUNKED, b"Transfer-Encoding: identity") + END
    yield "identity, then chunked", head(b"Transfer-Encoding: identity", CHUNKED) + END


def encodings():
    values = [b"chunked, identity", b"identity, chunked", b"identity", b"gzip, chunked", b"chunked, gzip", b"gzip", b"chunked,",
              b",chunked", b", chunked", b"chunked;q=1", b"chunked ;x", b"xchunked", b"chunkedx", b"chunke", b'"chunked"', b"'chunked'",
              b"chunked chunked", b"chunked, chunked", b"\x0bchunked", b"chunked\x0b", b"\x0cchunked", b"chunked\x00", b"\x00chunked",
              b"chunked\x7f", b"\xa0chunked", b"chunked\x85", b"ch\xc3\xbcnked", b"CHUNKED", b"Chunked", b"", b" ", b"trailers",
              b"cow", b"cow, chunked", b"chunked\r", b"\nchunked", b"\r\n chunked", b"\r\n\tchunked", b"x\r\n chunked"]
    names = [b"Transfer-Encoding ", b"Transfer-Encoding\t", b" Transfer-Encoding", b"\tTransfer-Encoding", b"Transfer_Encoding",
             b"Transfer-Encoding\x00", b"\x00Transfer-Encoding", b"Transfer-\x00Encoding", b"Transfer\xadEncoding", b"TransferEncoding",
             b"Transfer-Encodin", b"Transfer-Encoding:", b"X\r\nTransfer-Encoding", b"X\nTransfer-Encoding", b"X\rTransfer-Encoding",
             b"(Transfer-Encoding)", b'"Transfer-Encoding"', b"Transfer-Encoding\x0b", b"Content-Encoding", b"TE"]
    for value in values:
        yield f"the encoding {value!r}", head(b"Transfer-Encoding: " + value) + END
        yield f"the encoding {value!r} and a length", head(b"Transfer-Encoding: " + value, length(ALL)) + END
    for name in names:
        yield f"{name!r} is chunked", head(name + b": chunked") + END
        yield f"{name!r} is chunked, and a length", head(length(ALL), name + b": chunked") + END


def lengths():
    for value in (b"+5", b"-5", b"-0", b"-1", b"0x5", b"5;", b"5,", b",5", b"05", b"0000000000000000000005", b"5.0", b"5e0", b"5 5", b"5\x00",
                  b"\x005", b"5\x0b", b"\x0b5", b"5\x0c", b"", b" ", b"five", b"\xd9\xa5", b"5\xa0", b'"5"', b"5\t", b"\t5 ", b"5\r",
                  b"18446744073709551615", b"18446744073709551616", b"18446744073709551621", b"4294967301", b"9223372036854775808",
                  b"99999999999999999999999999", b"\r\n 5", b"5\r\n 5", b"_5", b"5_0", b"1_0", b"0b101", b"5L", b"5\n"):
        yield f"a length of {value!r}", head(b"Content-Length: " + value) + END
    for name in (b"Content-Length ", b"Content-Length\t", b" Content-Length", b"Content_Length", b"Content-Length\x00", b"Content-\nLength",
                 b"\x0bContent-Length", b"Content-Length:", b"ContentLength", b"content-length"):
        yield f"{name!r} is {ALL}", head(name + b": " + str(ALL).encode()) + END


def line_endings():
    text = head(length(5))
    lines = text.split(b"\r\n")[:-1]
    for ending in (b"\n", b"\r", b"\r\r\n", b"\n\r", b"\x0b\r\n", b"\xe2\x80\xa8", b"\x85", b"\r\n\r"):
        yield f"every line ends in {ending!r}", text.replace(b"\r\n", ending) + b"hello"
        for n in range(len(lines)):
            endings = [b"\r\n"] * len(lines)
            endings[n] = ending
            yield f"line {n} ends in {ending!r}", b"".join(map(bytes.__add__, lines, endings)) + b"hello"
    for first in (b"\n", b"\r", b"\r\n\r\n", b"\n\n", b" \r\n", b" ", b"\x00", b"\xef\xbb\xbf"):
        yield f"{first!r} comes first", first + text + b"hello"
    for fold in (b" ", b"\t", b" \t", b""):
        yield f"a fold of {fold!r}", head(b"X: y\r\n" + fold + b"z", length(5)) + b"hello"
        yield f"a length in a fold of {fold!r}", head(b"X: y\r\n" + fold + length(ALL)) + b"hello"
        yield f"an encoding in a fold of {fold!r}", head(b"X: y\r\n" + fold + CHUNKED, length(5)) + END


def fields():
    for byte in [*range(0x20), 0x7F, 0x80, 0xA0, 0xFF]:
        if byte in b"\r\n":
            continue  # line_endings
        yield f"0x{byte:02x} in a value", head(b"X: a" + bytes([byte]) + b"b", length(5)) + b"hello"
        yield f"0x{byte:02x} in a name", head(b"X" + bytes([byte]) + b"Y: b", length(5)) + b"hello"
    for line in (b"X", b": x", b"X y: z", b"X\xc3\xa9: y", b"", b"X:", b"X : y"):
        yield f"the line {line!r}", head(line, length(5)) + b"hello"
    for fields in ([b"Host: b"], [b"Host : b"], [b"host:"]):
        yield f"a second host, {fields[0]!r}", head(*fields, length(5)) + b"hello"
    yield "no host", head(length(5), host=None) + b"hello"
    for option in (b"content-length", b"transfer-encoding", b"close, content-length", b"keep-alive, close", b"upgrade"):
        yield f"the connection's {option!r}", head(b"Connection: " + option, length(5)) + b"hello"
        yield f"the connection's {option!r}, in chunks", head(b"Connection: " + option, CHUNKED) + END


def chunks():
    for size in (b"+5", b"-5", b"0x5", b" 5", b"5 ", b"\t5", b"5\t", b"05", b"0" * 30 + b"5", b"5;", b"5;a", b"5 ;a=b", b"5; a=b", b"5;a=\"b\"", b"5;a=\"\r\n\"",
                 b"5;a\n", b"5;\n", b"5;a\rb", b"5;a\x00", b"5;\x00", b"5,", b"5.0", b"5 5", b"five", b"", b"G", b"5h", b"5_", b"\x005", b"5\x00", b"5\n",
                 b"10000000000000005", b"ffffffffffffffff5", b"100000005", b"fffffffffffffffb", b"7fffffffffffffff",
                 b"-0", b"0x0", b"5;" + b"e" * 5000):
        yield f"a chunk of {size[:40]!r}", head(CHUNKED) + size + b"\r\nhello\r\n" + END
    for between in (b"", b"\n", b"\r", b"x\r\n", b"\r\n\r\n", b"\r\r\n", b" \r\n", b"xx", b"\n\n", b"\n\r"):
        yield f"{between!r} behind a chunk", head(CHUNKED) + b"5\r\nhello" + between + END
        yield f"{between!r} behind a size", head(CHUNKED) + b"5" + between + b"hello\r\n" + END
    for end in (b"00\r\n\r\n", b"000\r\n\r\n", b"0 \r\n\r\n", b"0;\r\n\r\n", b"0;a=b\r\n\r\n", b"0\n\n", b"0\r\n\n", b"0\n\r\n", b"0\r\r", b"0\r\n\r", b"0\r\n",
                b"-0\r\n\r\n", b"+0\r\n\r\n", b"0x0\r\n\r\n", b"\r\n0\r\n\r\n", b"", b"\r\n"):
        yield f"the end {end!r}", head(CHUNKED) + b"5\r\nhello\r\n" + end
    for trailer in (length(ALL), CHUNKED, b"Host: c", b"X : y", b" X: y", b"X", b"X: a\x00", b"X: y\n", b"X: y\r", b"X: y\r\n z", b"\x00"):
        yield f"the trailer {trailer!r}", head(CHUNKED) + b"5\r\nhello\r\n0\r\n" + trailer + b"\r\n\r\n"


def versions():
    old = b"POST /api HTTP/1.0"
    yield "HTTP/1.0", head(length(5), line=old) + b"hello"
    yield "HTTP/1.0, kept alive", head(length(5), b"Connection: keep-alive", line=old) + b"hello"
    yield "HTTP/1.0, no length", head(b"Connection: keep-alive", line=old)
    for more in ([], [b"Connection: keep-alive"], [length(5)], [length(ALL)], [length(ALL), b"Connection: keep-alive"]):
        yield f"HTTP/1.0 in chunks, {more!r}", head(CHUNKED, *more, line=old) + END
    for line in (b"POST /api HTTP/1.2", b"POST /api HTTP/2.0", b"POST /api HTTP/0.9", b"POST /api http/1.1", b"POST /api HTTP/1.1 ", b"POST  /api HTTP/1.1",
                 b"POST\t/api HTTP/1.1", b"POST /api\tHTTP/1.1", b"POST /api  HTTP/1.1", b" POST /api HTTP/1.1", b"POST /api", b"POST", b"POST /a pi HTTP/1.1",
                 b"POST /api HTTP/1.1\x00", b"POST /api\x00 HTTP/1.1", b"POST /api HTTP/1.10", b"POST /api HTTP/01.1", b"POST /api HTTP/1,1",
                 b"P\x00ST /api HTTP/1.1", b"post /api HTTP/1.1", b"POST api HTTP/1.1", b"POST /api#x HTTP/1.1", b"POST /api?a=\r HTTP/1.1",
                 b"POST * HTTP/1.1", b"OPTIONS * HTTP/1.1", b"TRACE /api HTTP/1.1", b"CONNECT a:80 HTTP/1.1", b"HEAD /api HTTP/1.1", b"GET /api HTTP/1.1"):
        yield f"the line {line!r}", head(length(5), line=line) + b"hello"
    for protocol in (b"websocket", b"h2c", b"TLS/1.0"):
        yield f"an upgrade to {protocol!r} with a body", head(b"Connection: Upgrade", b"Upgrade: " + protocol, length(5)) + b"hello"
        yield f"an upgrade to {protocol!r} in chunks", head(b"Connection: Upgrade", b"Upgrade: " + protocol, CHUNKED) + END
    for expectation in (b"100-continue", b"100-Continue", b"x", b"100-continue, 100-continue"):
        yield f"it expects {expectation!r}", head(b"Expect: " + expectation, length(5)) + b"hello"


FAMILIES = (good, lengths_and_encodings, encodings, lengths, line_endings, fields, chunks, versions)


def table():
    """All rows: (name, bytes to send)."""
    return [(f"{family.__name__}: {name}", first + SMUGGLED) for family in FAMILIES for name, first in family()]
