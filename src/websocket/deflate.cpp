#include "websocket/deflate.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>

#include "base/assert.h"

namespace crosspoint::websocket {
namespace {

// The ratio is looked at whenever so many bytes more have come out, so that the verdict does not depend on
// how the message was cut.
constexpr std::size_t ratio_step_bytes = 64 * 1024;

// What a sender strips from the end of a message and a receiver puts back (RFC 7692 sections 7.2.1, 7.2.2):
// an empty stored block.
constexpr std::array flush_tail{std::byte{0x00}, std::byte{0x00}, std::byte{0xff}, std::byte{0xff}};

// zlib counts in unsigned int, and does not change what it reads although its pointers say otherwise.
void set_input(z_stream& z, Bytes input) {
  z.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(input.data()));
  z.avail_in = static_cast<uInt>(std::min<std::size_t>(input.size(), std::numeric_limits<uInt>::max()));
}

void set_output(z_stream& z, MutableBytes output) {
  z.next_out = reinterpret_cast<Bytef*>(output.data());
  z.avail_out = static_cast<uInt>(std::min<std::size_t>(output.size(), std::numeric_limits<uInt>::max()));
}

MutableBytes up_to_next_step(MutableBytes room, std::size_t size) {
  return room.first(std::min(room.size(), ratio_step_bytes - size % ratio_step_bytes));
}

bool is_bomb(std::uint64_t bytes_in, std::size_t bytes_out) {
  return bytes_out > inflate_ratio_free_bytes && bytes_out % ratio_step_bytes == 0 &&
         bytes_out / inflate_ratio_max > bytes_in;
}

// Nothing is half read: the last block has ended, on a byte.
bool between_blocks(const z_stream& z) { return (z.data_type & 128) != 0 && (z.data_type & 63) == 0; }

}  // namespace

struct Inflater::Stream {
  // The largest window, whatever was agreed. zlib looks for what a message refers to in the window and in
  // what it has just written; with a smaller window it would depend on the cut whether a sender gets away
  // with more.
  Stream() { CROSSPOINT_ASSERT(inflateInit2(&z, -MAX_WBITS) == Z_OK); }
  ~Stream() { inflateEnd(&z); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  z_stream z{};
  std::uint64_t message_bytes_in = 0;
  bool final_block_ended = false;  // the last thing read was the end of a block marked as final
};

Inflater::Inflater(Context context) : context_(context) {}
Inflater::~Inflater() = default;

Result<void, InflateError> Inflater::feed(Bytes piece, bool ends, GrowingBuffer& out) {
  if (!stream_) stream_ = std::make_unique<Stream>();
  auto done = inflate(piece, out);
  if (done && ends) done = finish_message(out);
  return done;
}

Result<void, InflateError> Inflater::inflate(Bytes piece, GrowingBuffer& out) {
  z_stream& z = stream_->z;
  set_input(z, piece);
  while (true) {
    // At the limit one more byte is allowed for, elsewhere, to see whether there is one.
    std::byte beyond_limit;
    const MutableBytes room = up_to_next_step(out.room(), out.size());
    set_output(z, room.empty() ? MutableBytes(&beyond_limit, 1) : room);
    const uInt room_before = z.avail_out;
    const uInt input_before = z.avail_in;
    if (z.avail_in > 0 && stream_->final_block_ended) begin_again_after_final_block();

    const int status = ::inflate(&z, Z_SYNC_FLUSH);
    const std::size_t written = room_before - z.avail_out;
    if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) return fail(InflateError::corrupt);
    if (room.empty() && written > 0) return fail(InflateError::too_big);
    if (!room.empty()) out.wrote(written);
    stream_->message_bytes_in += input_before - z.avail_in;
    if (written > 0 && is_bomb(stream_->message_bytes_in, out.size())) return fail(InflateError::bomb);

    if (status == Z_STREAM_END) stream_->final_block_ended = true;
    // Room left over means that zlib has no more to say about this input.
    if (z.avail_in == 0 && (z.avail_out > 0 || status == Z_STREAM_END)) return {};
    if (status == Z_BUF_ERROR && z.avail_out > 0) return {};
  }
}

Result<void, InflateError> Inflater::finish_message(GrowingBuffer& out) {
  // A sender that closed its last block instead of flushing left no tail out.
  if (!stream_->final_block_ended) {
    if (auto done = inflate(flush_tail, out); !done) return done;
    if (!between_blocks(stream_->z)) return fail(InflateError::corrupt);
  }
  stream_->message_bytes_in = 0;
  if (context_ == Context::forgotten) stream_.reset();
  return {};
}

// A final block ends zlib's stream, but not the connection's (RFC 7692 section 7.2.3.4): the window goes on.
void Inflater::begin_again_after_final_block() {
  z_stream& z = stream_->z;
  std::array<Bytef, 32768> window;
  uInt window_bytes = 0;
  CROSSPOINT_ASSERT(inflateGetDictionary(&z, window.data(), &window_bytes) == Z_OK);
  CROSSPOINT_ASSERT(inflateReset(&z) == Z_OK);
  CROSSPOINT_ASSERT(inflateSetDictionary(&z, window.data(), window_bytes) == Z_OK);
  stream_->final_block_ended = false;
}

struct Deflater::Stream {
  explicit Stream(int window_bits) {
    constexpr int memory_level = 8;
    CROSSPOINT_ASSERT(deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -window_bits, memory_level,
                                   Z_DEFAULT_STRATEGY) == Z_OK);
  }
  ~Stream() { deflateEnd(&z); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  z_stream z{};
};

Deflater::Deflater(int window_bits, Context context) : window_bits_(window_bits), context_(context) {}
Deflater::~Deflater() = default;

void Deflater::compress(Bytes message, ByteVector& out) {
  CROSSPOINT_ASSERT(able());
  if (message.empty()) {  // RFC 7692 section 7.2.3.6: what zlib would not say twice in a row
    out.push_back(std::byte{0});
    return;
  }
  if (!stream_) stream_ = std::make_unique<Stream>(window_bits_);
  z_stream& z = stream_->z;

  const std::size_t begin = out.size();
  std::size_t size = begin;
  do {
    set_input(z, message);
    message = message.subspan(z.avail_in);
    const int flush = message.empty() ? Z_SYNC_FLUSH : Z_NO_FLUSH;
    do {
      out.resize(size + std::max<std::size_t>(deflateBound(&z, z.avail_in), 64));
      set_output(z, MutableBytes(out).subspan(size));
      const uInt room = z.avail_out;
      const int status = deflate(&z, flush);
      CROSSPOINT_ASSERT(status == Z_OK || status == Z_BUF_ERROR);
      size += room - z.avail_out;
    } while (z.avail_out == 0);
  } while (!message.empty());

  CROSSPOINT_ASSERT(size - begin > flush_tail.size());
  out.resize(size - flush_tail.size());
  if (context_ == Context::forgotten) stream_.reset();
}

}  // namespace crosspoint::websocket
