// Bodies: collected, streamed, waited for with "100 Continue", too large, cut short.

#include <gtest/gtest.h>

#include <optional>

#include "http/io/server.h"
#include "http/io/test_server.h"

namespace crosspoint::http {
namespace {

// What a sink was told, as text: body bytes, "|" at the end of a chunk, "." at the end, "!" when aborted.
struct Recorder {
  class Sink final : public BodySink {
   public:
    explicit Sink(Recorder& owner) : recorder_(owner) { ++recorder_.sinks_alive; }
    ~Sink() override { --recorder_.sinks_alive; }
    void on_begin(BodyFlow& its_flow) override { recorder_.flow = &its_flow; }
    void on_body(Bytes bytes) override {
      recorder_.story += as_text(bytes);
      if (recorder_.pause_after_each_piece) recorder_.flow->pause();
    }
    void on_chunk_end() override { recorder_.story += "|"; }
    void on_body_end(Responder asked) override {
      recorder_.story += ".";
      if (recorder_.answer_at_once) {
        asked.respond(Response{});
      } else {
        recorder_.responder.emplace(std::move(asked));
      }
    }
    void on_body_aborted() override { recorder_.story += "!"; }

   private:
    Recorder& recorder_;
  };

  Route route() {
    Route row;
    row.methods = "*";
    row.path = "/ts/*";
    row.handler =
        StreamedHandler([this](const Request&) -> std::variant<std::unique_ptr<BodySink>, Response> {
          if (refuse_with) return text_response(*refuse_with, "no\n");
          return std::make_unique<Sink>(*this);
        });
    return row;
  }

  std::string story;
  bool answer_at_once = true;
  bool pause_after_each_piece = false;
  std::optional<int> refuse_with;
  std::optional<Responder> responder;
  BodyFlow* flow = nullptr;
  int sinks_alive = 0;
};

struct IngestServer {
  explicit IngestServer(const ServerLimits& limits = {}, Duration silence_max = 0s)
      : server(
            [&] {
              auto row = recorder.route();
              row.body_silence_max = silence_max;
              return routes_of({row, echo_route("*")});
            }(),
            limits) {}
  Recorder recorder;
  TestServer server;
};

constexpr std::string_view chunked_post =
    "POST /ts/video0 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

TEST(ServerBodies, StreamsABodyAsItArrives) {
  IngestServer ingest;
  const auto client = ingest.server.connect();
  client->send(std::string(chunked_post) + "3\r\nab");
  ingest.server.world.run_until_idle();
  EXPECT_EQ(ingest.recorder.story, "ab");
  client->send("c");
  ingest.server.world.run_until_idle();
  EXPECT_EQ(ingest.recorder.story, "abc|");

  client->send("\r\n1\r\nd\r\n0\r\n\r\nGET /next HTTP/1.1\r\nHost: a\r\n\r\n");
  ingest.server.world.run_until_idle();

  EXPECT_EQ(ingest.recorder.story, "abc|d|.");
  EXPECT_EQ(statuses_in(client->received()), "200 200");
  EXPECT_EQ(ingest.recorder.sinks_alive, 0);
}

TEST(ServerBodies, StreamsTheSameHoweverItIsCut) {
  const std::string rest = "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: u\r\n\r\n";
  const std::string request = std::string(chunked_post) + rest;
  for (std::size_t cut = 1; cut < request.size(); ++cut) {
    SCOPED_TRACE(cut);
    IngestServer ingest;
    const auto client = ingest.server.connect();
    client->send(request.substr(0, cut));
    ingest.server.world.run_until_idle();
    client->send(request.substr(cut));
    ingest.server.world.run_until_idle();
    EXPECT_EQ(ingest.recorder.story, "abc|de|.");
    EXPECT_EQ(statuses_in(client->received()), "200");
  }
}

// ffmpeg sends "Connection: close", chunks, and closes without waiting for the answer.
TEST(ServerBodies, AnUploadWhoseSenderNeverWaitsForTheAnswerIsWhole) {
  IngestServer ingest;
  auto client = ingest.server.connect();
  client->send(
      "POST /ts/video0 HTTP/1.1\r\nTransfer-Encoding: chunked\r\nUser-Agent: Lavf/59.27.100\r\nAccept: "
      "*/*\r\n"
      "Connection: close\r\nHost: 127.0.0.1:8888\r\nIcy-MetaData: 1\r\n\r\nbc\r\n" +
      std::string(188, 'G') + "\r\n0\r\n\r\n");
  client->close();
  ingest.server.world.run_until_idle();

  EXPECT_EQ(ingest.recorder.story, std::string(188, 'G') + "|.");
  EXPECT_EQ(ingest.server.server->counters().open, 0u);
  EXPECT_EQ(ingest.recorder.sinks_alive, 0);
}

TEST(ServerBodies, StreamsSizedBodiesOfHttp10) {
  IngestServer ingest;
  const auto text = ingest.server.ask("PUT /ts/x HTTP/1.0\r\nContent-Length: 5\r\n\r\nhello");

  EXPECT_EQ(ingest.recorder.story, "hello.");
  EXPECT_EQ(statuses_in(text), "200");
}

TEST(ServerBodies, AnEmptyBodyEndsAtOnce) {
  IngestServer ingest;

  EXPECT_EQ(statuses_in(ingest.server.ask("POST /ts/x HTTP/1.1\r\nHost: a\r\n\r\n")), "200");
  EXPECT_EQ(ingest.recorder.story, ".");
}

TEST(ServerBodies, TheSinkOutlivesItsBodyUntilTheAnswer) {
  IngestServer ingest;
  ingest.recorder.answer_at_once = false;
  const auto client = ingest.server.connect();
  client->send(std::string(chunked_post) + "0\r\n\r\n");
  ingest.server.world.run_until_idle();
  EXPECT_EQ(ingest.recorder.sinks_alive, 1);

  ingest.recorder.responder->respond(text_response(202, ""));
  ingest.server.world.run_until_idle();

  EXPECT_EQ(statuses_in(client->received()), "202");
  EXPECT_EQ(ingest.recorder.sinks_alive, 0);
}

TEST(ServerBodies, ABodyThatIsCutShortIsAborted) {
  for (const std::string end: {"closed", "reset", "malformed", "finished"}) {
    SCOPED_TRACE(end);
    IngestServer ingest;
    auto client = ingest.server.connect();
    client->send(std::string(chunked_post) + "3\r\nab");
    ingest.server.world.run_until_idle();
    if (end == "closed") client->close();
    if (end == "reset") client->reset();
    if (end == "malformed") client->send("cX");
    if (end == "finished") client->finish();
    ingest.server.world.run_until_idle();

    EXPECT_EQ(ingest.recorder.story, end == "malformed" ? "abc|!" : "ab!");
    EXPECT_EQ(ingest.recorder.sinks_alive, 0);
    if (end == "malformed") {
      EXPECT_EQ(statuses_in(client->received()), "400");
    }
    ingest.server.world.advance(1s);
    EXPECT_EQ(ingest.server.server->counters().open, 0u);
  }
}

TEST(ServerBodies, AStreamedBodyMayPauseForEverUnlessTheRouteSaysOtherwise) {
  IngestServer patient;
  IngestServer strict({}, 2s);
  const auto at_patient = patient.server.connect();
  const auto at_strict = strict.server.connect();
  at_patient->send(chunked_post);
  at_strict->send(chunked_post);
  patient.server.world.advance(1h);
  for (int i = 0; i < 5; ++i) {
    strict.server.world.advance(1900ms);
    at_strict->send("1\r\na\r\n");
    strict.server.world.run_until_idle();
  }
  EXPECT_EQ(strict.recorder.story, "a|a|a|a|a|");
  strict.server.world.advance(2s);

  EXPECT_EQ(patient.recorder.story, "");
  EXPECT_EQ(patient.server.server->counters().open, 1u);
  EXPECT_EQ(strict.recorder.story, "a|a|a|a|a|!");
  EXPECT_EQ(statuses_in(at_strict->received()), "408");
  EXPECT_EQ(strict.server.server->counters().open, 0u);
}

TEST(ServerBodies, D6_APausedSinkStopsItsSender) {
  IngestServer ingest;
  testing::LinkSettings settings;
  settings.capacity_bytes = 1000;
  settings.segment_bytes_max = 100;
  ingest.server.world.network().set_link_settings(settings);
  ingest.recorder.pause_after_each_piece = true;
  const auto client = ingest.server.connect();
  client->send("POST /ts/x HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n" +
               std::string(100'000, 'x'));
  ingest.server.world.run_until_idle();
  EXPECT_LE(ingest.recorder.story.size(), 100u);
  EXPECT_GE(client->unsent_bytes(), 98'000u);

  for (int i = 0; i < 2000 && !ingest.recorder.story.ends_with('.'); ++i) {
    ingest.recorder.flow->resume();
    ingest.server.world.run_until_idle();
  }

  EXPECT_EQ(ingest.recorder.story.size(), 100'001u);
  EXPECT_EQ(statuses_in(client->received()), "200");
}

TEST(ServerBodies, ASinkMayAnswerBeforeTheBodyHasEndedAndNoMoreOfItIsRead) {
  for (const bool paused: {false, true}) {
    IngestServer ingest;
    ingest.recorder.pause_after_each_piece = paused;
    const auto client = ingest.server.connect();
    client->send(std::string(chunked_post) + "1\r\na\r\n");
    ingest.server.world.run_until_idle();

    ingest.recorder.flow->answer_now(text_response(403, "enough\n"));
    EXPECT_EQ(ingest.recorder.story, paused ? "a!" : "a|!");
    client->send("1\r\nb\r\n0\r\n\r\nGET /next HTTP/1.1\r\nHost: a\r\n\r\n");
    ingest.server.world.run_until_idle();

    EXPECT_EQ(ingest.recorder.story, paused ? "a!" : "a|!");
    EXPECT_EQ(statuses_in(client->received()), "403");
    EXPECT_TRUE(client->ended());
    EXPECT_EQ(ingest.recorder.sinks_alive, 0);
  }
}

TEST(ServerBodies, APausedSinkLosesNothingOfWhatWasReadAlready) {
  IngestServer ingest;
  ingest.recorder.pause_after_each_piece = true;
  const auto client = ingest.server.connect();
  client->send(std::string(chunked_post) +
               "1\r\na\r\n1\r\nb\r\n1\r\nc\r\n0\r\n\r\nGET /next HTTP/1.1\r\nHost: a\r\n\r\n");
  client->finish();
  ingest.server.world.run_until_idle();
  EXPECT_EQ(ingest.recorder.story, "a");

  ingest.recorder.flow->resume();
  ingest.server.world.run_until_idle();
  EXPECT_EQ(ingest.recorder.story, "a|b");
  ingest.recorder.flow->resume();
  ingest.server.world.run_until_idle();
  ingest.recorder.flow->resume();
  ingest.server.world.run_until_idle();

  EXPECT_EQ(ingest.recorder.story, "a|b|c|.");
  EXPECT_EQ(statuses_in(client->received()), "200 200");
  EXPECT_TRUE(client->ended());
}

TEST(ServerBodies, AStreamRefusedAtItsHeadIsAnsweredAndClosed) {
  IngestServer ingest;
  ingest.recorder.refuse_with = 403;
  const auto client = ingest.server.connect();
  client->send(std::string(chunked_post) + "3\r\nabc\r\n");
  ingest.server.world.run_until_idle();

  EXPECT_EQ(statuses_in(client->received()), "403");
  EXPECT_TRUE(client->ended());
  EXPECT_EQ(ingest.recorder.sinks_alive, 0);
}

TEST(ServerBodies, SaysContinueOnlyToWhoWaitsForIt) {
  IngestServer ingest;
  const std::string head =
      "POST /ts/x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n";
  const auto waits = ingest.server.connect();
  waits->send(head);
  ingest.server.world.run_until_idle();
  EXPECT_EQ(waits->received(), "HTTP/1.1 100 Continue\r\n\r\n");
  waits->send("abc");
  ingest.server.world.run_until_idle();

  EXPECT_EQ(statuses_in(waits->received()), "100 200");
  EXPECT_EQ(statuses_in(ingest.server.ask(head + "abc")), "200");
  EXPECT_EQ(
      ingest.server.ask("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-Continue\r\n\r\n"),
      "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_EQ(statuses_in(ingest.server.ask("GET /x HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n")),
            "200");
  EXPECT_EQ(
      statuses_in(ingest.server.ask("POST /x HTTP/1.0\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")),
      "");
}

TEST(ServerBodies, RefusesInsteadOfContinueWhenItKnowsAlready) {
  IngestServer ingest;
  ingest.recorder.refuse_with = 403;

  EXPECT_EQ(statuses_in(ingest.server.ask(
                "POST /ts/x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")),
            "403");
  EXPECT_EQ(statuses_in(ingest.server.ask(
                "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\nExpect: 100-continue\r\n\r\n")),
            "413");
}

TEST(ServerBodies, CollectedBodiesHaveALimit) {
  auto small = echo_route("/small");
  small.body_bytes_max = 3;
  TestServer server(routes_of({small, echo_route("*")}), {.collected_body_bytes_max = 10});
  const auto sized = [&](const std::string& path, const std::string& body) {
    return statuses_in(server.ask("POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: " +
                                  std::to_string(body.size()) + "\r\n\r\n" + body));
  };
  const auto in_chunks = [&](const std::string& path, const std::string& body) {
    std::string chunks;
    for (const char c: body) chunks += std::string("1\r\n") + c + "\r\n";
    return statuses_in(server.ask("POST " + path +
                                  " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks +
                                  "0\r\n\r\n"));
  };

  EXPECT_EQ(sized("/small", "abc"), "200");
  EXPECT_EQ(sized("/small", "abcd"), "413");
  EXPECT_EQ(in_chunks("/small", "abc"), "200");
  EXPECT_EQ(in_chunks("/small", "abcd"), "413");
  EXPECT_EQ(sized("/", "0123456789"), "200");
  EXPECT_EQ(sized("/", "0123456789a"), "413");
  EXPECT_EQ(in_chunks("/", "0123456789a"), "413");
}

TEST(ServerBodies, StoppingAbortsStreamsAndLetsCollectedBodiesEnd) {
  IngestServer ingest;
  const auto streaming = ingest.server.connect();
  const auto collecting = ingest.server.connect();
  streaming->send(std::string(chunked_post) + "1\r\na\r\n");
  collecting->send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nab");
  ingest.server.world.run_until_idle();

  ingest.server.server->stop();
  ingest.server.world.run_until_idle();
  EXPECT_EQ(ingest.recorder.story, "a|!");
  EXPECT_TRUE(streaming->over());
  collecting->send("c");
  ingest.server.world.run_until_idle();

  EXPECT_EQ(statuses_in(collecting->received()), "200");
  EXPECT_TRUE(collecting->ended());
}

TEST(ServerBodies, DestroyingTheServerAbortsStreams) {
  IngestServer ingest;
  const auto client = ingest.server.connect();
  client->send(std::string(chunked_post) + "1\r\na\r\n");
  ingest.server.world.run_until_idle();

  ingest.server.listeners.clear();
  ingest.server.server.reset();
  ingest.server.world.run_until_idle();

  EXPECT_EQ(ingest.recorder.story, "a|!");
  EXPECT_EQ(ingest.recorder.sinks_alive, 0);
  EXPECT_TRUE(client->over());
}

}  // namespace
}  // namespace crosspoint::http
