#include "http/io/server.h"

#include <gtest/gtest.h>

#include "http/io/test_server.h"
#include "testing/faulty_stream.h"

namespace crosspoint::http {
namespace {

constexpr std::string_view get_x = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";

// Keeps the responders that it is given, so that the test answers when it likes.
struct Later {
  Route route(std::string path) {
    Route row;
    row.methods = "*";
    row.path = std::move(path);
    row.handler = CollectedHandler([this](Request&& request, Responder responder) {
      requests.push_back(std::move(request));
      responders.push_back(std::move(responder));
    });
    return row;
  }
  std::vector<Request> requests;
  std::vector<Responder> responders;
};

TEST(Server, AnswersARequestAndKeepsTheConnection) {
  TestServer server(echo_everywhere());
  const auto client = server.connect();

  client->send("GET /a?b=1 HTTP/1.1\r\nHost: x\r\n\r\n");
  server.world.run_until_idle();
  client->send("POST /c HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody");
  server.world.run_until_idle();

  const auto answers = answers_in(client->received());
  ASSERT_EQ(answers.size(), 2u) << client->received();
  EXPECT_EQ(answers[0].body, "GET /a?b=1 ");
  EXPECT_EQ(answers[1].body, "POST /c body");
  EXPECT_EQ(answers[1].head.fields.find("Date"), "Wed, 01 Jan 2025 00:00:00 GMT");
  EXPECT_FALSE(client->ended());
  EXPECT_EQ(server.server->counters().requests, 2u);
}

TEST(Server, AnswersTheSameHoweverTheRequestsAreCut) {
  const std::string requests =
      "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nPOST /2 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n0\r\n\r\nPUT /3 HTTP/1.0\r\nContent-Length: 2\r\n\r\nde";
  TestServer server(echo_everywhere());
  const auto whole = server.ask(requests);
  ASSERT_EQ(statuses_in(whole), "200 200 200");

  for (std::size_t cut = 1; cut < requests.size(); ++cut) {
    SCOPED_TRACE(cut);
    const auto client = server.connect();
    client->send(requests.substr(0, cut));
    server.world.run_until_idle();
    client->send(requests.substr(cut));
    server.world.run_until_idle();
    EXPECT_EQ(client->received(), whole);
  }
}

TEST(Server, AnswersPipelinedRequestsInOrder) {
  TestServer server(echo_everywhere());
  std::string requests;
  for (int i = 0; i < 50; ++i) requests += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\n\r\n";

  const auto answers = answers_in(server.ask(requests));

  ASSERT_EQ(answers.size(), 50u);
  for (int i = 0; i < 50; ++i)
    EXPECT_EQ(answers[static_cast<std::size_t>(i)].body, "GET /" + std::to_string(i) + " ");
}

TEST(Server, APipelinedRequestWaitsForTheAnswerBeforeIt) {
  Later later;
  TestServer server(routes_of({later.route("/later"), echo_route("*")}));
  const auto client = server.connect();
  client->send("GET /later HTTP/1.1\r\nHost: a\r\n\r\nGET /now HTTP/1.1\r\nHost: a\r\n\r\n");
  server.world.run_until_idle();
  client->send("GET /more HTTP/1.1\r\nHost: a\r\n\r\n");
  server.world.run_until_idle();
  EXPECT_EQ(client->received(), "");

  later.responders.at(0).respond(text_response(200, "at last"));
  server.world.run_until_idle();

  const auto answers = answers_in(client->received());
  ASSERT_EQ(answers.size(), 3u);
  EXPECT_EQ(answers[0].body, "at last");
  EXPECT_EQ(answers[1].body, "GET /now ");
  EXPECT_EQ(answers[2].body, "GET /more ");
}

TEST(Server, WhoPipelinesTooFarAheadIsAnsweredOnceAndClosed) {
  Later later;
  TestServer server(routes_of({later.route("/later"), echo_route("*")}), {.pipelined_bytes_max = 1000});
  const auto client = server.connect();
  client->send("GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
  for (int i = 0; i < 100; ++i) client->send(get_x);
  server.world.run_until_idle();

  later.responders.at(0).respond(text_response(200, "alone"));
  server.world.run_until_idle();

  EXPECT_EQ(statuses_in(client->received()), "200");
  EXPECT_TRUE(client->ended());
}

TEST(Server, AHandlerThatForgetsToAnswerAnswers500) {
  Later later;
  TestServer server(routes_of({later.route("*")}));
  const auto client = server.connect();
  client->send(get_x);
  server.world.run_until_idle();

  later.responders.clear();
  server.world.run_until_idle();

  EXPECT_EQ(statuses_in(client->received()), "500");
}

TEST(Server, AnsweringAConnectionThatHasGoneDoesNothing) {
  Later later;
  TestServer server(routes_of({later.route("*")}));
  auto client = server.connect();
  client->send(get_x);
  server.world.run_until_idle();
  auto& responder = later.responders.at(0);
  EXPECT_EQ(&responder.loop(), &server.world.loop());
  EXPECT_FALSE(responder.abandoned());
  client->reset();
  server.world.run_until_idle();
  EXPECT_EQ(server.server->counters().open, 0u);
  EXPECT_TRUE(responder.abandoned());

  responder.respond(text_response(200, "nobody hears it"));
  server.world.run_until_idle();
}

TEST(Server, AnsweringAfterTheServerHasGoneDoesNothing) {
  Later later;
  TestServer server(routes_of({later.route("*")}));
  const auto client = server.connect();
  client->send(get_x);
  server.world.run_until_idle();

  server.listeners.clear();
  server.server.reset();
  server.world.run_until_idle();
  later.responders.at(0).respond(text_response(200, "nobody hears it"));
  server.world.run_until_idle();

  EXPECT_EQ(client->received(), "");
  EXPECT_TRUE(client->over());
}

TEST(Server, AClientThatHasFinishedSendingStillGetsItsAnswers) {
  Later later;
  TestServer server(routes_of({later.route("*")}));
  const auto client = server.connect();
  client->send(std::string(get_x) + std::string(get_x));
  client->finish();
  server.world.run_until_idle();

  later.responders.at(0).respond(text_response(200, "1"));
  server.world.run_until_idle();
  later.responders.at(1).respond(text_response(200, "2"));
  server.world.run_until_idle();

  EXPECT_EQ(statuses_in(client->received()), "200 200");
  EXPECT_TRUE(client->ended());
  EXPECT_EQ(server.server->counters().open, 0u);
}

TEST(Server, SpeaksHttp10) {
  TestServer server(echo_everywhere());
  const auto once = server.connect();
  const auto kept = server.connect();

  once->send("POST /x HTTP/1.0\r\nContent-Length: 2\r\n\r\nhi");
  kept->send("GET /x HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n");
  server.world.run_until_idle();

  const auto answers = answers_in(once->received());
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(answers[0].body, "POST /x hi");
  EXPECT_EQ(answers[0].head.fields.find("Connection"), "close");
  EXPECT_TRUE(once->ended());
  EXPECT_EQ(answers_in(kept->received()).at(0).head.fields.find("Connection"), "keep-alive");
  EXPECT_FALSE(kept->ended());
}

TEST(Server, ClosesWhenEitherSideWantsTo) {
  auto routes = echo_everywhere();
  Route closing;
  closing.methods = "GET";
  closing.path = "/close";
  closing.handler = CollectedHandler([](Request&&, Responder responder) {
    auto response = text_response(200, "bye");
    response.close = true;
    responder.respond(std::move(response));
  });
  routes.rows.insert(routes.rows.begin(), closing);
  TestServer server(std::move(routes));
  const auto theirs = server.connect();
  const auto ours = server.connect();

  theirs->send("GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" + std::string(get_x));
  ours->send("GET /close HTTP/1.1\r\nHost: a\r\n\r\n" + std::string(get_x));
  server.world.run_until_idle();

  for (const auto* client: {&theirs, &ours}) {
    EXPECT_EQ(statuses_in((*client)->received()), "200");
    EXPECT_EQ(answers_in((*client)->received()).at(0).head.fields.find("Connection"), "close");
    EXPECT_TRUE((*client)->ended());
  }
}

TEST(Server, AnswersToHeadHaveNoBody) {
  TestServer server(routes_of({echo_route("/x", "GET HEAD")}));

  const auto text = server.ask("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n");

  const auto answers = answers_in(text, AnswerTo::head_request);
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(answers[0].head.fields.find("Content-Length"), "8");
  EXPECT_TRUE(text.ends_with("\r\n\r\n"));
}

TEST(Server, AnswersWithoutContentAnnounceNone) {
  Route row;
  row.methods = "GET";
  row.path = "*";
  row.handler = CollectedHandler([](Request&& request, Responder responder) {
    Response response;
    response.status = request.path == "/204" ? 204 : 304;
    response.body = "must not be sent";
    responder.respond(std::move(response));
  });
  TestServer server(routes_of({row}));

  for (const std::string path: {"/204", "/304"}) {
    const auto text = server.ask("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(statuses_in(text), path.substr(1));
    EXPECT_EQ(text.find("Content-Length"), std::string::npos);
  }
}

TEST(Server, UnknownPathsAndMethodsGetTheirAnswers) {
  TestServer server(
      routes_of({echo_route("/api", "GET"), echo_route("/api", "POST PUT"), echo_route("/any", "*")}));

  const auto not_found = answers_in(server.ask(get_x)).at(0);
  EXPECT_EQ(not_found.head.status, 404);
  EXPECT_EQ(not_found.body, "404 page not found\n");
  EXPECT_EQ(not_found.head.fields.find("Content-Type"), "text/plain; charset=utf-8");

  const auto wrong_method = answers_in(server.ask("DELETE /api HTTP/1.1\r\nHost: a\r\n\r\n")).at(0);
  EXPECT_EQ(wrong_method.head.status, 405);
  EXPECT_EQ(wrong_method.body, "");
  EXPECT_EQ(wrong_method.head.fields.find("Allow"), "GET, POST, PUT");

  EXPECT_EQ(statuses_in(server.ask("UPDATE /any HTTP/1.1\r\nHost: a\r\n\r\n")), "200");
  EXPECT_EQ(statuses_in(server.ask("get /api HTTP/1.1\r\nHost: a\r\n\r\n")), "405");
  EXPECT_EQ(server.server->counters().refused, 3u);
}

TEST(Server, RoutesMaySayWhatIsNotFoundAndNotAllowed) {
  auto routes = routes_of({echo_route("/stats", "GET")});
  routes.not_found = [](const Request& request) {
    return text_response(400, "Bad Request\n" + request.path);
  };
  routes.method_not_allowed = [](const Request&) { return text_response(405, "Method not allowed\n"); };
  TestServer server(std::move(routes));

  EXPECT_EQ(answers_in(server.ask(get_x)).at(0).body, "Bad Request\n/x");
  EXPECT_EQ(answers_in(server.ask("POST /stats HTTP/1.1\r\nHost: a\r\n\r\n")).at(0).body,
            "Method not allowed\n");
}

TEST(Server, EveryAnswerPassesTheFinish) {
  auto routes = echo_everywhere();
  routes.finish = [](const Request& request, Response& response) {
    response.fields.add("X-Path", "<" + request.path + ">");
  };
  TestServer server(std::move(routes));

  EXPECT_EQ(answers_in(server.ask(get_x)).at(0).head.fields.find("X-Path"), "</x>");
  EXPECT_EQ(answers_in(server.ask("nonsense\r\n")).at(0).head.fields.find("X-Path"), "<>");
}

TEST(Server, AnAnswerThatCannotBeWrittenBecomesA500) {
  Route row;
  row.methods = "GET";
  row.path = "*";
  row.handler = CollectedHandler([](Request&&, Responder responder) {
    auto response = text_response(200, "x");
    response.fields.add("X", "a\r\nSet-Cookie: b");
    responder.respond(std::move(response));
  });
  TestServer server(routes_of({row}));

  const auto text = server.ask(get_x);

  EXPECT_EQ(statuses_in(text), "500");
  EXPECT_EQ(text.find("Set-Cookie"), std::string::npos);
}

TEST(Server, HandlersCannotOverrideTheFraming) {
  Route row;
  row.methods = "GET";
  row.path = "*";
  row.handler = CollectedHandler([](Request&&, Responder responder) {
    auto response = text_response(200, "four");
    for (const char* name: {"content-length", "Transfer-Encoding", "connection", "Date"})
      response.fields.add(name, "9");
    responder.respond(std::move(response));
  });
  TestServer server(routes_of({row}));

  EXPECT_EQ(answers_in(server.ask(get_x)).at(0).body, "four");
}

TEST(Server, RedirectsToTheCleanPathIfTheRoutesWantIt) {
  auto routes = echo_everywhere();
  routes.redirect_unclean_paths = true;
  TestServer server(std::move(routes));

  const auto answer =
      answers_in(server.ask("GET //a/./b%20c/..//d%5C?x=1 HTTP/1.1\r\nHost: a\r\n\r\n")).at(0);

  EXPECT_EQ(answer.head.status, 301);
  EXPECT_EQ(answer.head.fields.find("Location"), "/a/d%5C?x=1");
  EXPECT_EQ(answer.body, "");
}

TEST(Server, TellsHandlersBothPaths) {
  Later later;
  TestServer server(routes_of({later.route("/a/b")}));

  server.ask("GET /a//b HTTP/1.1\r\nHost: a\r\n\r\n");

  ASSERT_EQ(later.requests.size(), 1u);
  EXPECT_EQ(later.requests[0].path, "/a/b");
  EXPECT_EQ(later.requests[0].raw_path, "/a//b");
  EXPECT_FALSE(later.requests[0].path_was_clean);
  EXPECT_EQ(net::host_of(later.requests[0].peer), "127.0.0.1");
}

TEST(Server, AnswersALargeBodyAsFastAsItIsRead) {
  Route row;
  row.methods = "GET";
  row.path = "*";
  row.handler = CollectedHandler([](Request&&, Responder responder) {
    responder.respond(text_response(200, std::string(1'000'000, 'x')));
  });
  TestServer server(routes_of({row}));
  testing::LinkSettings narrow;
  narrow.capacity_bytes = 1000;
  narrow.write_bytes_max = 700;
  server.world.network().set_link_settings(narrow);
  const auto client = server.connect();

  client->send(std::string(get_x) + std::string(get_x));
  server.world.run_until_idle();

  const auto answers = answers_in(client->received());
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_EQ(answers[1].body.size(), 1'000'000u);
}

TEST(Server, ABodyThatLastsIsSentFromWhereItLiesAndAnnouncedToHead) {
  static const std::string page(100'000, 'p');
  Route row;
  row.methods = "GET HEAD";
  row.path = "*";
  row.handler = CollectedHandler([](Request&&, Responder responder) {
    auto response = text_response(200, "not this");
    response.lasting_body = as_bytes(page);
    responder.respond(std::move(response));
  });
  TestServer server(routes_of({row}));
  server.world.network().set_link_settings({.capacity_bytes = 1000, .write_bytes_max = 700});

  const auto twice = answers_in(server.ask(std::string(get_x) + std::string(get_x)));
  const auto head = answers_in(server.ask("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n"), AnswerTo::head_request);

  ASSERT_EQ(twice.size(), 2u);
  EXPECT_EQ(twice[0].body, page);
  EXPECT_EQ(twice[1].body, page);
  ASSERT_EQ(head.size(), 1u);
  EXPECT_EQ(head[0].head.fields.find("Content-Length"), "100000");
}

TEST(Server, AnswersArePromptlyForgotten) {
  TestServer server(echo_everywhere());
  auto client = server.connect();
  client->send(get_x);
  server.world.run_until_idle();
  EXPECT_EQ(server.server->counters().open, 1u);

  client->close();
  server.world.run_until_idle();

  EXPECT_EQ(server.server->counters().open, 0u);
}

TEST(Server, StopsAfterAnsweringWhatIsUnderWay) {
  Later later;
  TestServer server(routes_of({later.route("*")}));
  const auto idle = server.connect();
  const auto half = server.connect();
  const auto busy = server.connect();
  half->send("GET /x HTT");
  busy->send(get_x);
  server.world.run_until_idle();

  server.server->stop();
  server.world.run_until_idle();
  const auto late = server.connect();
  EXPECT_TRUE(idle->over());
  EXPECT_TRUE(half->over());
  EXPECT_FALSE(busy->over());
  EXPECT_TRUE(late->over());
  later.responders.at(0).respond(text_response(200, "done"));
  server.world.run_until_idle();

  EXPECT_EQ(statuses_in(busy->received()), "200");
  EXPECT_TRUE(busy->ended());
  busy->close();
  server.world.run_until_idle();
  EXPECT_EQ(server.server->counters().open, 0u);
}

// Every stream operation of the scenario fails once, as if the peer had reset the connection there: nothing
// may crash, nothing may stay behind, and no answer may be half of one and half of another.
TEST(Server, J1_SurvivesAFailureOfEveryStreamOperation) {
  for (std::size_t n = 0;; ++n) {
    ASSERT_LT(n, 1000u);
    SCOPED_TRACE(n);
    Later later;
    TestServer server(routes_of({later.route("/later"), echo_route("*")}));
    const auto fault = std::make_shared<testing::Fault>(n);
    server.world.network().wrap_streams(
        [&](auto stream) { return std::make_unique<testing::FaultyStream>(std::move(stream), fault); });
    auto client = server.connect();
    if (client->connected()) {
      client->send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
      server.world.run_until_idle();
      client->send("abcGET /later HTTP/1.1\r\nHost: a\r\n\r\nGET /x HTTP/1.0\r\n\r\n");
      server.world.run_until_idle();
      for (auto& responder: later.responders) responder.respond(text_response(200, "late"));
      server.world.run_until_idle();
    }
    client->close();
    server.world.advance(10s);
    EXPECT_EQ(server.server->counters().open, 0u);
    if (!fault->struck()) break;
  }
}

}  // namespace
}  // namespace crosspoint::http
