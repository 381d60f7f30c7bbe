#include "media/stream_report.h"

#include <fmt/core.h>

#include <utility>

namespace crosspoint::media {
namespace {

using Facts = StreamWatch::Facts;

constexpr std::size_t jsmpeg_buffer_bytes = 512 * 1024;
constexpr Duration patience = 5s;
constexpr double key_frame_seconds_good = 5;

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

bool jsmpeg_plays(Codec audio) {
  return audio == Codec::none || audio == Codec::unknown || audio == Codec::mp2;
}

Player choose_player(const Facts& facts) {
  switch (facts.video) {
    case Codec::mpeg1_video: return Player::jsmpeg;
    case Codec::h264:
    case Codec::h265:
    case Codec::av1: return facts.has_tables ? Player::mpegts : Player::none;
    case Codec::none: break;  // sound alone decides
    default: return Player::none;
  }
  if (facts.audio == Codec::mp2) return Player::jsmpeg;
  return is_audio(facts.audio) && facts.has_tables ? Player::mpegts : Player::none;
}

class Warnings {
 public:
  Warnings(const Facts& facts, std::vector<std::string>& out) : facts_(facts), out_(out) {}

  void about_pictures() {
    if (facts_.video == Codec::mpeg2_video) {
      add("MPEG-2 video: jsmpeg cannot play it, nor can browsers; encode with -c:v mpeg1video or libx264.");
    }
    if (facts_.video == Codec::mpeg1_video) {
      if (facts_.has_b_pictures) add("B pictures: jsmpeg skips them; encode with -bf 0.");
      if (facts_.video_format.width % 2 != 0) add("The picture has an odd width: jsmpeg needs an even one.");
      if (facts_.largest_frame_bytes > jsmpeg_buffer_bytes) {
        add(fmt::format("A picture of {} KiB came: larger than jsmpeg's buffer of 512 KiB.",
                        facts_.largest_frame_bytes / 1024));
      }
    }
    if (facts_.key_frame_seconds > key_frame_seconds_good) {
      add(
          fmt::format("Key frames are {:.1f} s apart: viewers who come in wait so long; set -g to about "
                      "twice the frame rate.",
                      facts_.key_frame_seconds));
    }
  }

  void about_sound() {
    if (facts_.video == Codec::mpeg1_video && !jsmpeg_plays(facts_.audio)) {
      add(fmt::format("Sound is {}: jsmpeg plays MP2 only; encode with -c:a mp2.", to_string(facts_.audio)));
    }
    const auto hz = facts_.audio_format.sample_hz;
    if (facts_.audio == Codec::mp2 && hz != 32000 && hz != 44100 && hz != 48000) {
      add(fmt::format("Sound has {} samples a second: jsmpeg plays 32000, 44100 and 48000 only.", hz));
    }
  }

  void about_what_does_not_come() {
    const bool pictures_come = facts_.since_video && *facts_.since_video < patience;
    const bool sound_comes = facts_.since_audio && *facts_.since_audio < patience;
    if (pictures_come && *facts_.since_access_point > patience) {
      add(fmt::format("No key frame for {:.0f} s: viewers who come in see nothing until one comes.",
                      seconds(*facts_.since_access_point)));
    }
    if (facts_.age < patience) return;
    if (pictures_come && !sound_comes && facts_.audio != Codec::none) {
      add("The tables announce sound, but none comes: mpegts.js does not start without it.");
    }
    if (sound_comes && !pictures_come && facts_.video != Codec::none) {
      add("The tables announce pictures, but none come.");
    }
    if (!facts_.has_tables) add("No PAT and PMT: only jsmpeg can play it.");
  }

  void about_the_multiplex() {
    if (facts_.feeds_interleaved) {
      add("Several feeds use the same PIDs: only jsmpeg can play them; let one encoder, or one host, combine "
          "them.");
    }
    if (facts_.scrambled) add("The stream is scrambled.");
  }

 private:
  void add(std::string warning) { out_.push_back(std::move(warning)); }

  const Facts& facts_;
  std::vector<std::string>& out_;
};

}  // namespace

StreamDescription make_description(const Facts& facts) {
  StreamDescription description;
  description.container = Container::mpeg_ts;
  description.video = facts.video;
  description.audio = facts.audio;
  description.width = facts.video_format.width;
  description.height = facts.video_format.height;
  description.frames_per_second =
      facts.frames_per_second > 0 ? facts.frames_per_second : facts.video_format.frames_per_second;
  description.audio_sample_hz = facts.audio_format.sample_hz;
  description.has_tables = facts.has_tables;
  description.player = choose_player(facts);
  description.largest_frame_bytes = facts.largest_frame_bytes;
  description.key_frame_seconds = facts.key_frame_seconds;

  Warnings warnings(facts, description.warnings);
  warnings.about_pictures();
  warnings.about_sound();
  warnings.about_what_does_not_come();
  warnings.about_the_multiplex();
  return description;
}

}  // namespace crosspoint::media
