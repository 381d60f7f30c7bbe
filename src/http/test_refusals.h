#pragma once
// Requests that must be refused, with the status each gets (row A1 and its neighbours): the ways in which
// implementations of HTTP/1.1 have disagreed about where a message begins and ends, and plain nonsense. Used
// by the parser's tests, by the server's, and to seed the fuzzer. For this room's tests only.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crosspoint::http {

using namespace std::string_literals;

struct RefusedRequest {
  std::string name;
  std::string bytes;
  int status = 400;
};

class RefusalTable {
 public:
  RefusalTable() {
    add_lines();
    add_request_lines();
    add_field_names();
    add_field_values();
    add_hosts();
    add_content_lengths();
    add_encodings();
    add_chunks();
    add_trailers();
    add_sizes();
  }
  const std::vector<RefusedRequest>& rows() const { return rows_; }

 private:
  void row(std::string name, std::string bytes, int status = 400) {
    rows_.push_back({std::move(name), std::move(bytes), status});
  }
  // A request that is right but for one more field line.
  void with_field(const std::string& name, const std::string& line, const std::string& body = {}) {
    row(name, "POST /x HTTP/1.1\r\nHost: a\r\n" + line + "\r\n\r\n" + body);
  }
  void with_body(const std::string& name, const std::string& chunks, int status = 400) {
    row(name, "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks, status);
  }
  static std::string hex(unsigned byte) {
    constexpr std::string_view digits = "0123456789abcdef";
    return {digits[byte >> 4 & 15], digits[byte & 15]};
  }
  static std::string character(unsigned byte) { return std::string(1, static_cast<char>(byte)); }

  void add_lines() {
    row("every line ends in a bare LF", "GET /x HTTP/1.1\nHost: a\n\n");
    row("the request line ends in a bare LF", "GET /x HTTP/1.1\nHost: a\r\n\r\n");
    row("a field line ends in a bare LF", "GET /x HTTP/1.1\r\nHost: a\nX: b\r\n\r\n");
    row("the head ends in CRLF LF", "GET /x HTTP/1.1\r\nHost: a\r\n\n");
    row("the head ends in LF CRLF", "GET /x HTTP/1.1\r\nHost: a\n\r\n");
    row("a bare LF comes first", "\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n");
    row("two empty lines come first", "\r\n\r\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n");
    row("a bare CR comes first", "\rGET /x HTTP/1.1\r\nHost: a\r\n\r\n");
    row("a bare CR in the request line", "GET /x\r HTTP/1.1\r\nHost: a\r\n\r\n");
    row("a bare CR for the request line's end", "GET /x HTTP/1.1\rHost: a\r\n\r\n");
    row("a bare CR in a field", "GET /x HTTP/1.1\r\nHost: a\rX: b\r\n\r\n");
    row("a CR before CRLF", "GET /x HTTP/1.1\r\nHost: a\r\r\n\r\n");
    row("a line of one CR", "GET /x HTTP/1.1\r\nHost: a\r\n\r\r\n\r\n");
    row("LF CR for CR LF", "GET /x HTTP/1.1\n\rHost: a\n\r\n\r");
    row("a folded field, space", "GET /x HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n");
    row("a folded field, tab", "GET /x HTTP/1.1\r\nHost: a\r\nX: b\r\n\tc\r\n\r\n");
    row("a folded field, only white space", "GET /x HTTP/1.1\r\nHost: a\r\nX: b\r\n \r\n\r\n");
    row("white space before the first field", "GET /x HTTP/1.1\r\n Host: a\r\n\r\n");
    row("a tab before the first field", "GET /x HTTP/1.1\r\n\tHost: a\r\n\r\n");
    row("a folded Transfer-Encoding",
        "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n");
    row("a folded Content-Length", "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n 5\r\n\r\nhello");
    row("a field hidden in a fold",
        "POST /x HTTP/1.1\r\nHost: a\r\nX: b\r\n Transfer-Encoding: chunked\r\n\r\n");
  }

  void add_request_lines() {
    row("only a line ending and words", "hello\r\n\r\n");
    row("HTTP/0.9", "GET /x\r\n\r\n");
    row("HTTP/0.9 with a space", "GET /x \r\n\r\n");
    row("no method", " /x HTTP/1.1\r\nHost: a\r\n\r\n");
    row("no target", "GET HTTP/1.1\r\nHost: a\r\n\r\n");
    row("an empty target", "GET  HTTP/1.1\r\nHost: a\r\n\r\n");
    row("two spaces before the target", "GET  /x HTTP/1.1\r\nHost: a\r\n\r\n");
    row("two spaces behind the target", "GET /x  HTTP/1.1\r\nHost: a\r\n\r\n");
    row("a space in the target", "GET /x y HTTP/1.1\r\nHost: a\r\n\r\n");
    row("a tab before the target", "GET\t/x HTTP/1.1\r\nHost: a\r\n\r\n");
    row("a tab behind the target", "GET /x\tHTTP/1.1\r\nHost: a\r\n\r\n");
    row("a space at the end", "GET /x HTTP/1.1 \r\nHost: a\r\n\r\n");
    row("a response", "HTTP/1.1 200 OK\r\nHost: a\r\n\r\n");
    row("a method too long", std::string(25, 'A') + " /x HTTP/1.1\r\nHost: a\r\n\r\n");
    for (const char* version:
         {"http/1.1", "Http/1.1", "HTTP/1", "HTTP/1.", "HTTP/.1", "HTTP/1.1.1", "HTTP/11", "HTTP/1.10",
          "HTTP/01.1", "HTTP/1.01", "HTTP/+1.1", "HTTP/-1.1", "HTTP/1,1", "HTTP /1.1", "HTTPS/1.1", "HTTP1.1",
          "HTTP/x.1", "HTTP/1.x", "\"HTTP/1.1\""}) {
      row(std::string("the version is ") + version, std::string("GET /x ") + version + "\r\nHost: a\r\n\r\n");
    }
    for (const char* version:
         {"HTTP/2.0", "HTTP/3.0", "HTTP/0.9", "HTTP/1.2", "HTTP/1.9", "HTTP/0.0", "HTTP/9.9"}) {
      row(std::string("the version is ") + version, std::string("GET /x ") + version + "\r\nHost: a\r\n\r\n",
          505);
    }
    row("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505);
    row("a TLS client hello", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"s);
    for (const unsigned byte: {0x00u, 0x01u, 0x1fu, 0x22u, 0x28u, 0x2cu, 0x2fu, 0x3au, 0x3bu, 0x40u, 0x5bu,
                               0x7bu, 0x7fu, 0x80u, 0xffu}) {
      row("0x" + hex(byte) + " in the method", "G" + character(byte) + "T /x HTTP/1.1\r\nHost: a\r\n\r\n");
    }
    for (const unsigned byte: {0x00u, 0x01u, 0x09u, 0x0bu, 0x0cu, 0x1fu, 0x22u, 0x23u, 0x3cu, 0x3eu, 0x7fu,
                               0x80u, 0xa0u, 0xc3u, 0xffu}) {
      row("0x" + hex(byte) + " in the target", "GET /x" + character(byte) + " HTTP/1.1\r\nHost: a\r\n\r\n");
    }
  }

  void add_field_names() {
    with_field("a space before the colon", "X : b");
    with_field("a tab before the colon", "X\t: b");
    with_field("a space before the colon of Content-Length", "Content-Length : 5", "hello");
    with_field("a space before the colon of Transfer-Encoding", "Transfer-Encoding : chunked", "0\r\n\r\n");
    with_field("no colon", "X");
    with_field("no colon but a space", "X b");
    with_field("no name", ": b");
    with_field("only a colon", ":");
    with_field("a space inside a name", "X Y: b");
    with_field("Transfer-Encoding behind a NUL", "X\0Transfer-Encoding: chunked"s, "0\r\n\r\n");
    for (const unsigned byte:
         {0x00u, 0x01u, 0x08u, 0x0bu, 0x0cu, 0x0eu, 0x1fu, 0x20u, 0x22u, 0x28u, 0x29u, 0x2cu, 0x2fu, 0x3bu,
          0x3cu, 0x3du, 0x3eu, 0x3fu, 0x40u, 0x5bu, 0x5cu, 0x5du, 0x7bu, 0x7du, 0x7fu, 0x80u, 0xa0u, 0xffu}) {
      with_field("0x" + hex(byte) + " in a field name", "X" + character(byte) + "Y: b");
    }
  }

  void add_field_values() {
    for (unsigned byte = 0; byte < 0x20; ++byte) {
      if (byte == '\t' || byte == '\n' || byte == '\r') continue;
      with_field("0x" + hex(byte) + " in a field value", "X: b" + character(byte) + "c");
    }
    with_field("0x7f in a field value", "X: b\x7f");
    with_field("NUL ends Content-Length", "Content-Length: 5\0"s, "hello");
    with_field("vertical tab before chunked",
               "Transfer-Encoding: \x0b"
               "chunked",
               "0\r\n\r\n");
    with_field("form feed behind chunked", "Transfer-Encoding: chunked\x0c", "0\r\n\r\n");
  }

  void add_hosts() {
    row("no Host", "GET /x HTTP/1.1\r\n\r\n");
    row("no Host but another field", "GET /x HTTP/1.1\r\nX: a\r\n\r\n");
    row("two Hosts that differ", "GET /x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
    row("two Hosts that agree", "GET /x HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n");
    row("two Hosts, spelled differently", "GET /x HTTP/1.1\r\nHost: a\r\nHOST: a\r\n\r\n");
    row("two Hosts in HTTP/1.0", "GET /x HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n");
    for (const char* host: {"",        " ",        "a b",      "a,b",  "a/b",  "user@a",  "a:b", "a:",
                            "a:80:80", "a:123456", "http://a", "[::1", "::1",  "[::1]x",  "[x]", "[]",
                            "a?b",     "a#b",      "\"a\"",    ":80",  "a\\b", "\xc3\xa4"}) {
      const std::string_view text = host;
      if (text == "a:") continue;  // an empty port is allowed (RFC 3986 section 3.2.3)
      row("the Host is <" + std::string(text) + ">",
          "GET /x HTTP/1.1\r\nHost: " + std::string(text) + "\r\n\r\n");
    }
  }

  void add_content_lengths() {
    for (const char* length: {"",
                              "-1",
                              "-0",
                              "+5",
                              "+0",
                              "5 5",
                              "5,5",
                              "5, 5",
                              "5,6",
                              "5;",
                              "0x5",
                              "5h",
                              "h",
                              "5.0",
                              "5e0",
                              "1_0",
                              "'5'",
                              "\"5\"",
                              "(5)",
                              "5 hello",
                              "9223372036854775808",
                              "18446744073709551615",
                              "18446744073709551616",
                              "18446744073709551621",
                              "99999999999999999999999999",
                              "-9223372036854775808",
                              "0000000000000000000000005",
                              ",5",
                              "5,",
                              ",",
                              "\xd9\xa5"}) {
      with_field(std::string("Content-Length is <") + length + ">", std::string("Content-Length: ") + length,
                 "hello");
    }
    with_field("two Content-Lengths that differ", "Content-Length: 5\r\nContent-Length: 6", "hello");
    with_field("two Content-Lengths that agree", "Content-Length: 5\r\nContent-Length: 5", "hello");
    with_field("two Content-Lengths, spelled differently", "Content-Length: 5\r\ncontent-length: 0", "hello");
    with_field("two Content-Lengths of zero", "Content-Length: 0\r\nContent-Length: 0");
    with_field("an empty and a full Content-Length", "Content-Length:\r\nContent-Length: 5", "hello");
    row("two Content-Lengths in HTTP/1.0",
        "POST /x HTTP/1.0\r\nContent-Length: 5\r\nContent-Length: 50\r\n\r\nhello");
  }

  void add_encodings() {
    with_field("length, then encoding", "Content-Length: 5\r\nTransfer-Encoding: chunked", "0\r\n\r\n");
    with_field("encoding, then length", "Transfer-Encoding: chunked\r\nContent-Length: 5", "0\r\n\r\n");
    with_field("encoding and a length of zero", "Transfer-Encoding: chunked\r\nContent-Length: 0",
               "0\r\n\r\n");
    with_field("identity and length", "Transfer-Encoding: identity\r\nContent-Length: 5", "hello");
    with_field("a bad encoding and a length", "Transfer-Encoding: xchunked\r\nContent-Length: 5", "hello");
    with_field("an empty encoding and a length", "Transfer-Encoding:\r\nContent-Length: 5", "hello");
    for (const char* encoding: {"",
                                "Chunked",
                                "CHUNKED",
                                "chunKed",
                                "xchunked",
                                "chunkedx",
                                "chunke",
                                "x chunked",
                                "chunked x",
                                "\"chunked\"",
                                "'chunked'",
                                "chunked;",
                                "chunked;q=1",
                                "chunked; a=b",
                                ";chunked",
                                "chunked,",
                                ",chunked",
                                ", chunked",
                                "chunked, chunked",
                                "chunked,chunked",
                                "gzip",
                                "gzip, chunked",
                                "chunked, gzip",
                                "identity",
                                "identity, chunked",
                                "chunked, identity",
                                "cow",
                                "cow, chunked",
                                "[chunked]",
                                "chunked chunked",
                                "deflate",
                                "trailers",
                                "chunked\\",
                                "\xef\xbd\x83hunked",
                                "chunked\xa0"}) {
      with_field(std::string("Transfer-Encoding is <") + encoding + ">",
                 std::string("Transfer-Encoding: ") + encoding, "0\r\n\r\n");
    }
    with_field("two encodings, identity first", "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
               "0\r\n\r\n");
    with_field("two encodings, chunked first", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
               "0\r\n\r\n");
    with_field("two encodings, both chunked", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
               "0\r\n\r\n");
    with_field("two encodings, one empty", "Transfer-Encoding: chunked\r\ntransfer-encoding:", "0\r\n\r\n");
    row("chunked in HTTP/1.0", "POST /x HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    row("chunked in HTTP/1.0, kept alive",
        "POST /x HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\nTransfer-Encoding: "
        "chunked\r\n\r\n0\r\n\r\n");
  }

  void add_chunks() {
    for (const char* size: {"",
                            " ",
                            "x",
                            "g",
                            "-5",
                            "+5",
                            "0x5",
                            "5h",
                            "5 ",
                            " 5",
                            "\t5",
                            "5\t",
                            "5 ;a",
                            "5 5",
                            "5,",
                            "5:",
                            "\\5",
                            "00000000000000005",
                            "8000000000000000",
                            "fffffffffffffffb",
                            "ffffffffffffffff",
                            "10000000000000000",
                            "10000000000000005",
                            "fffffffffffffffff",
                            ";a=b"}) {
      with_body(std::string("the chunk size is <") + size + ">",
                std::string(size) + "\r\nhello\r\n0\r\n\r\n");
    }
    with_body("a chunk size line ends in a bare LF", "5\nhello\r\n0\r\n\r\n");
    with_body("a chunk size line ends in a bare CR", "5\rhello\r\n0\r\n\r\n");
    with_body("a chunk size line holds a bare CR", "5;a\rb\r\nhello\r\n0\r\n\r\n");
    with_body("a chunk extension holds a bare LF", "5;a\nb\r\nhello\r\n0\r\n\r\n");
    with_body("a chunk extension holds a NUL", "5;a\0b\r\nhello\r\n0\r\n\r\n"s);
    with_body("a quoted chunk extension holds a line ending", "5;a=\"\r\nb\"\r\nhello\r\n0\r\n\r\n");
    with_body("a chunk's data ends in a bare LF", "5\r\nhello\n0\r\n\r\n");
    with_body("a chunk's data ends in a bare CR", "5\r\nhello\r0\r\n\r\n");
    with_body("a chunk's data ends in LF CR", "5\r\nhello\n\r0\r\n\r\n");
    with_body("a chunk is longer than its size", "5\r\nhello!\r\n0\r\n\r\n");
    with_body("a chunk is shorter than its size", "6\r\nhello\r\n0\r\n\r\n");
    with_body("the last chunk ends in a bare LF", "0\n\r\n");
    with_body("the trailer section ends in a bare LF", "0\r\n\n");
    with_body("a chunk extension is too long", "5;" + std::string(128, 'x') + "\r\nhello\r\n0\r\n\r\n");
    with_body("a chunk extension never ends", "5;" + std::string(4096, 'x'));
    std::string many;
    for (int i = 0; i < 33; ++i) many += "1;" + std::string(127, 'x') + "\r\na\r\n";
    with_body("chunk extensions are too long in sum", many + "0\r\n\r\n");
  }

  void add_trailers() {
    with_body("a trailer without a colon", "0\r\nX\r\n\r\n");
    with_body("a space before a trailer's colon", "0\r\nX : b\r\n\r\n");
    with_body("a folded trailer", "0\r\nX: b\r\n c\r\n\r\n");
    with_body("a trailer ends in a bare LF", "0\r\nX: b\n\r\n");
    with_body("a trailer holds a NUL", "0\r\nX: b\0\r\n\r\n"s);
    with_body("a request for a trailer", "0\r\nGET /smuggled HTTP/1.1\r\n\r\n");
    std::string many;
    for (int i = 0; i < 17; ++i) many += "X: b\r\n";
    with_body("17 trailers", "0\r\n" + many + "\r\n", 431);
    with_body("a trailer section of 1025 bytes", "0\r\nX: " + std::string(1018, 'b') + "\r\n\r\n", 431);
  }

  void add_sizes() {
    const std::string start = "GET /x HTTP/1.1\r\nHost: a\r\n";
    row("a head of 8193 bytes", start + "X: " + std::string(8193 - start.size() - 7, 'b') + "\r\n\r\n", 431);
    std::string fields;
    for (int i = 0; i < 64; ++i) fields += "X: b\r\n";
    row("65 fields", start + fields + "\r\n", 431);
    std::string distinct;
    for (int i = 0; i < 2000; ++i) distinct += "X-" + std::to_string(i) + ": b\r\n";
    row("2000 distinct fields", start + distinct + "\r\n", 431);
    row("a target of 4097 bytes", "GET /" + std::string(4096, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n", 414);
    row("a target of 64 KiB", "GET /" + std::string(65535, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n", 414);
    row("a method of 64 KiB", std::string(65535, 'x') + " / HTTP/1.1\r\nHost: a\r\n\r\n");
    row("a field name of 64 KiB", start + std::string(65535, 'x') + ": b\r\n\r\n", 431);
  }

  std::vector<RefusedRequest> rows_;
};

inline const std::vector<RefusedRequest>& refused_requests() {
  static const RefusalTable table;
  return table.rows();
}

}  // namespace crosspoint::http
