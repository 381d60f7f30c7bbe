#include "config/resolve.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/arguments.h"

namespace crosspoint::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// What one command is started with. resolved() with nothing set is every default.
struct Start {
  std::string command = "serve";
  std::vector<std::string> words = {};
  Environment environment = {};
  std::string file = {};  // node.toml; named by --config unless empty

  Resolution resolved() const {
    auto all = words;
    if (!file.empty()) all.insert(all.end(), {"--config", "node.toml"});
    const auto arguments = scan_arguments(command, all, flags_of_command(command));
    EXPECT_THAT(arguments.problems, IsEmpty());
    return resolve(command, arguments.flags, environment,
                   [this](const std::string& path) -> Result<std::string, std::string> {
                     if (path != "node.toml") return fail(std::string("No such file or directory"));
                     return file;
                   });
  }
};

std::vector<std::string> sentences(const Resolution& resolution) {
  std::vector<std::string> out;
  for (const Problem& problem: resolution.problems) out.push_back(problem.sentence);
  return out;
}

struct Place {
  bool file, old_variable, variable, flag;
};

TEST(Resolve, FlagsBeatVariablesBeatTheFileBeatsTheDefaultInEveryCombination) {
  for (int mask = 0; mask < 16; ++mask) {
    const Place set{(mask & 1) != 0, (mask & 2) != 0, (mask & 4) != 0, (mask & 8) != 0};
    Start start;
    if (set.file) start.file = "[serve]\nlisten = \":1\"\n";
    if (set.old_variable) start.environment["CROSSBAR_LISTEN"] = ":2";
    if (set.variable) start.environment["CROSSPOINT_LISTEN"] = ":3";
    if (set.flag) start.words = {"--listen", ":4"};
    const std::pair<std::string, std::string> wanted =
        set.flag           ? std::pair(":4", "flag --listen")
        : set.variable     ? std::pair(":3", "environment CROSSPOINT_LISTEN")
        : set.old_variable ? std::pair(":2", "environment CROSSBAR_LISTEN")
        : set.file         ? std::pair(":1", "node.toml:2:10")
                           : std::pair("127.0.0.1:8080", "default");

    const auto resolution = start.resolved();

    EXPECT_EQ(resolution.settings.get<"serve.listen">(), wanted.first) << mask;
    EXPECT_EQ(resolution.settings.source<"serve.listen">().text, wanted.second) << mask;
    EXPECT_EQ(resolution.notes.size(), set.old_variable && set.variable ? 1u : 0u) << mask;
    EXPECT_THAT(resolution.problems, IsEmpty()) << mask;
  }
}

TEST(Resolve, AnOptionsOwnNameBeatsItsOlderOneWithANote) {
  const auto resolution =
      Start{.environment = {{"CROSSBAR_LISTEN", ":2"}, {"CROSSPOINT_LISTEN", ":3"}}}.resolved();

  EXPECT_THAT(resolution.notes,
              ElementsAre("environment CROSSBAR_LISTEN is overruled by environment CROSSPOINT_LISTEN"));
}

TEST(Resolve, AnOlderFlagIsOverruledByTheNewOneWhateverTheOrder) {
  for (const std::vector<std::string>& words:
       {std::vector<std::string>{"--log", "a", "--log-file", "b"}, {"--log-file", "b", "--log", "a"}}) {
    const auto resolution = Start{.words = words}.resolved();
    EXPECT_EQ(resolution.settings.get<"log.file">(), "b");
    EXPECT_THAT(resolution.notes, ElementsAre("flag --log is overruled by flag --log-file"));
  }
}

TEST(Resolve, TheLastOfARepeatedFlagCountsAndListsAddUp) {
  const auto resolution = Start{.words = {"--loops", "2", "--loops=3", "--allow-origin",
                                          "https://a,https://b", "--allow-origin", "https://c"}}
                              .resolved();

  EXPECT_EQ(resolution.settings.get<"serve.loops">(), 3);
  EXPECT_THAT(resolution.settings.get<"serve.allow-origin">(),
              ElementsAre("https://a", "https://b", "https://c"));
}

TEST(Resolve, AFlagsListReplacesTheVariables) {
  const auto resolution = Start{.words = {"--allow-origin", "https://a"},
                                .environment = {{"CROSSPOINT_ALLOW_ORIGIN", "https://b"}}}
                              .resolved();

  EXPECT_THAT(resolution.settings.get<"serve.allow-origin">(), ElementsAre("https://a"));
}

TEST(Resolve, AnEmptyVariableIsUnset) {
  const auto resolution =
      Start{.environment = {{"CROSSBAR_LISTEN", ""}, {"CROSSPOINT_LOOPS", ""}}}.resolved();

  EXPECT_FALSE(resolution.settings.is_set<"serve.listen">());
  EXPECT_FALSE(resolution.settings.is_set<"serve.loops">());
  EXPECT_THAT(resolution.problems, IsEmpty());
}

// --- older names
// -------------------------------------------------------------------------------------------------

TEST(OlderNames, CrossbarsVariablesAreUnderstoodByServe) {
  const auto settings = Start{.environment = {{"CROSSBAR_LISTEN", "127.0.0.1:9999"},
                                              {"CROSSBAR_DEVELOPMENT", "T"},
                                              {"CROSSBAR_SECRET", "hunter2"},
                                              {"CROSSBAR_AUDIENCE", "wss://relay.example.org"}}}
                            .resolved()
                            .settings;

  EXPECT_EQ(settings.get<"serve.listen">(), "127.0.0.1:9999");
  EXPECT_TRUE(settings.get<"serve.dev">());
  EXPECT_EQ(settings.get<"serve.secret">(), "hunter2");
  EXPECT_EQ(settings.get<"serve.audience">(), "wss://relay.example.org");
}

TEST(OlderNames, CrossbarsFlagsAreUnderstoodByServe) {
  const auto resolution = Start{.words = {"--listen", ":9999", "--dev", "--secret", "s", "--audience", "a",
                                          "--log", "x.log", "--buffer", "32768", "--cpuprofile", "cpu.out"}}
                              .resolved();

  EXPECT_EQ(resolution.settings.get<"serve.listen">(), ":9999");
  EXPECT_EQ(resolution.settings.get<"log.file">(), "x.log");
  EXPECT_THAT(resolution.problems, IsEmpty());
  EXPECT_THAT(
      resolution.notes,
      ElementsAre(
          "--secret can be read by every user of this machine in the list of processes; "
          "CROSSPOINT_SECRET is safer",
          "--buffer has no effect: queues are bounded by serve.outbox-bytes-max and serve.outbox-age-max",
          "--cpuprofile has no effect: use perf(1)"));
}

TEST(OlderNames, DevelopmentMeansATextTraceLogUnlessSaidOtherwise) {
  const auto quiet = Start{}.resolved().settings;
  const auto dev = Start{.words = {"--dev"}}.resolved().settings;
  const auto own_level = Start{.words = {"--dev", "--log-level", "warn"}}.resolved().settings;
  const auto file_level =
      Start{.words = {"--dev"}, .file = "[log]\nlevel = \"error\"\nformat = \"json\"\n"}.resolved().settings;
  const auto flag_over_dev =
      Start{.words = {"--log-format", "json"}, .environment = {{"CROSSBAR_DEVELOPMENT", "true"}}}
          .resolved()
          .settings;
  const auto off = Start{.environment = {{"CROSSBAR_DEVELOPMENT", "0"}}}.resolved().settings;

  EXPECT_EQ(quiet.get<"log.level">(), "info");
  EXPECT_EQ(dev.get<"log.level">(), "trace");
  EXPECT_EQ(dev.source<"log.level">().text, "flag --dev");
  EXPECT_EQ(own_level.get<"log.level">(), "warning");
  EXPECT_EQ(file_level.get<"log.level">(), "trace");
  EXPECT_EQ(file_level.get<"log.format">(), "text");
  EXPECT_EQ(flag_over_dev.get<"log.level">(), "trace");
  EXPECT_EQ(flag_over_dev.get<"log.format">(), "json");
  EXPECT_EQ(off.get<"log.level">(), "info");
}

TEST(OlderNames, F59_VwsPortAndBothSpellingsOfTheLogLevelAreHonoured) {
  const auto port = Start{.command = "host", .environment = {{"VW_PORT", "9000"}}}.resolved();
  const auto level = Start{.command = "host", .environment = {{"VW_LOG_LEVEL", "ERROR"}}}.resolved().settings;
  const auto other = Start{.command = "host", .environment = {{"VW_LOGLEVEL", "ERROR"}}}.resolved().settings;

  EXPECT_EQ(port.settings.get<"host.listen">(), "127.0.0.1:9000");
  EXPECT_EQ(port.settings.source<"host.listen">().text, "environment VW_PORT");
  EXPECT_THAT(port.notes, IsEmpty());
  EXPECT_EQ(level.get<"log.level">(), "error");
  EXPECT_EQ(other.get<"log.level">(), "error");
}

TEST(OlderNames, VwsPortAndAddressEachReplaceTheirPart) {
  struct Row {
    Environment environment;
    std::string file, wanted, source;
  };
  const std::vector<Row> rows{
      {{{"VW_BIND", "0.0.0.0"}}, "", "0.0.0.0:8888", "environment VW_BIND"},
      {{{"VW_BIND", "::1"}}, "", "[::1]:8888", "environment VW_BIND"},
      {{{"VW_BIND", "[::1]"}}, "", "[::1]:8888", "environment VW_BIND"},
      {{{"VW_BIND", "::"}, {"VW_PORT", "9000"}}, "", "[::]:9000", "environment VW_BIND, environment VW_PORT"},
      {{{"VW_PORT", "9000"}},
       "[host]\nlisten = \"10.0.0.1:1\"\n",
       "10.0.0.1:9000",
       "node.toml:2:10, environment VW_PORT"},
      {{{"VW_PORT", "9000"}},
       "[host]\nlisten = \"unix:/x\"\n",
       "127.0.0.1:9000",
       "node.toml:2:10, environment VW_PORT"},
      {{{"VW_PORT", "9000"}, {"CROSSPOINT_HOST_LISTEN", ":7"}},
       "",
       ":7",
       "environment CROSSPOINT_HOST_LISTEN"},
  };
  for (const Row& row: rows) {
    const auto resolution =
        Start{.command = "host", .environment = row.environment, .file = row.file}.resolved();
    EXPECT_EQ(resolution.settings.get<"host.listen">(), row.wanted);
    EXPECT_EQ(resolution.settings.source<"host.listen">().text, row.source);
    EXPECT_THAT(sentences(resolution), IsEmpty());
  }
}

TEST(OlderNames, AnUnknownLogLevelOfVwIsInfoAsItWas) {
  const auto resolution = Start{.command = "host", .environment = {{"VW_LOG_LEVEL", "LOUD"}}}.resolved();

  EXPECT_EQ(resolution.settings.get<"log.level">(), "info");
  EXPECT_EQ(resolution.settings.source<"log.level">().text, "environment VW_LOG_LEVEL");
  EXPECT_THAT(resolution.notes,
              ElementsAre("VW_LOG_LEVEL: \"LOUD\" is not one of trace, debug, info, warning, error, off; "
                          "taken as info"));
  EXPECT_THAT(resolution.problems, IsEmpty());
}

TEST(OlderNames, VwsOtherVariablesAreAcceptedSilentlyIfTheyAreNumbers) {
  const std::vector<std::string> names{"VW_MUXBUFFERLENGTH", "VW_CLIENTBUFFERLENGTH", "VW_CLIENTTIMEOUTMS",
                                       "VW_HTTPFLUSHMS",     "VW_HTTPTIMEOUTMS",      "VW_HTTPWAITMS"};
  for (const auto& name: names) {
    const auto good = Start{.command = "host", .environment = {{name, "10"}}}.resolved();
    const auto bad = Start{.command = "host", .environment = {{name, "ten"}}}.resolved();
    const auto elsewhere = Start{.environment = {{name, "ten"}}}.resolved();

    EXPECT_THAT(sentences(good), IsEmpty());
    EXPECT_THAT(good.notes, IsEmpty());
    EXPECT_THAT(sentences(bad), ElementsAre(name + ": \"ten\" is not a whole number; write digits only"));
    EXPECT_THAT(sentences(elsewhere), IsEmpty());
  }
}

TEST(OlderNames, VwsApiAndProfileAreAccepted) {
  const auto resolution =
      Start{.command = "host",
            .environment = {{"VW_API", "wss://r.example.org/bi/x"}, {"VW_CPUPROFILE", "x"}}}
          .resolved();

  EXPECT_EQ(resolution.settings.get<"host.api">(), "wss://r.example.org/bi/x");
  EXPECT_THAT(resolution.notes, ElementsAre("VW_CPUPROFILE has no effect: use perf(1)"));
}

TEST(OlderNames, BelongToTheirCommandAlone) {
  const auto host =
      Start{.command = "host", .environment = {{"CROSSBAR_DEVELOPMENT", "nonsense"}}}.resolved();
  const auto serve = Start{.environment = {{"VW_LOG_LEVEL", "error"}, {"VW_PORT", "nonsense"}}}.resolved();

  EXPECT_THAT(sentences(host), IsEmpty());
  EXPECT_THAT(sentences(serve), IsEmpty());
  EXPECT_EQ(serve.settings.get<"log.level">(), "info");
}

TEST(OlderNames, ANumberWithoutAUnitCountsSecondsWhereTheOldProgramDid) {
  const auto lifetime = [](const std::string& variable, const std::string& text) {
    Start start{.command = "token"};
    start.environment[variable] = text;
    const auto resolution = start.resolved();
    return sentences(resolution).empty() ? resolution.settings.get<"token.lifetime">() : Duration(-1);
  };

  EXPECT_EQ(lifetime("RELAY_TOKEN_LIFETIME", "3600"), 1h);
  EXPECT_EQ(lifetime("RELAY_TOKEN_LIFETIME", "10m"), 10min);
  EXPECT_EQ(lifetime("RELAY_TOKEN_LIFETIME", "0"), 0s);
  EXPECT_EQ(lifetime("RELAY_TOKEN_LIFETIME", "soon"), Duration(-1));
  EXPECT_EQ(lifetime("RELAY_TOKEN_LIFETIME", "-5"), Duration(-1));
  EXPECT_EQ(lifetime("CROSSPOINT_TOKEN_LIFETIME", "3600"), Duration(-1));
}

TEST(OlderNames, EveryAliasOfTheTableReachesItsRow) {
  for (std::size_t i = 0; i < options.size(); ++i) {
    for (const Alias& alias: options[i].aliases) {
      if (alias.name.empty()) continue;
      for_each_word(alias.commands, ' ', [&](std::string_view command) {
        const std::string value = alias.reading == Reading::port || alias.reading == Reading::port_everywhere
                                      ? "81"
                                  : alias.reading == Reading::address     ? "::1"
                                  : alias.reading == Reading::seconds     ? "60"
                                  : options[i].type == ValueType::boolean ? "true"
                                  : options[i].type == ValueType::text    ? "x"
                                  : options[i].type == ValueType::secret  ? "x"
                                                                          : std::string(options[i].initial);
        Start start{.command = std::string(command)};
        if (is_flag(alias.name)) {
          start.words = {std::string(alias.name) + "=" + value};
        } else {
          start.environment[std::string(alias.name)] = value;
        }
        const auto resolution = start.resolved();
        EXPECT_THAT(sentences(resolution), IsEmpty()) << alias.name;
        EXPECT_THAT(resolution.settings.source_at(i).text, testing::HasSubstr(alias.name));
      });
    }
  }
}

// --- what is wrong
// -----------------------------------------------------------------------------------------------

TEST(Resolve, AnUnknownVariableOfOursIsAnErrorWithTheNearestName) {
  const auto resolution =
      Start{.environment = {{"CROSSPOINT_LISEN", ":1"}, {"CROSSPOINT_", "x"}, {"PATH", "/bin"}}}.resolved();

  EXPECT_THAT(sentences(resolution),
              ElementsAre("CROSSPOINT_: no such setting",
                          "CROSSPOINT_LISEN: no such setting; did you mean CROSSPOINT_LISTEN?"));
  EXPECT_EQ(resolution.problems[0].layer, Layer::environment);
}

TEST(Resolve, VariablesThatAContainerPlatformSetsForAServiceAreNotOurs) {
  const auto resolution = Start{.environment = {{"CROSSPOINT_PORT", "tcp://10.0.0.1:8080"},
                                                {"CROSSPOINT_SERVICE_HOST", "10.0.0.1"},
                                                {"CROSSPOINT_SERVICE_PORT_HTTP", "8080"},
                                                {"CROSSPOINT_PORT_8080_TCP_ADDR", "10.0.0.1"},
                                                {"CROSSPOINT_RELAY_SERVICE_HOST", "10.0.0.1"},
                                                {"CROSSPOINT_RELAY_PORT", "tcp://10.0.0.1:8080"}}}
                              .resolved();

  EXPECT_THAT(sentences(resolution), IsEmpty());
}

TEST(Resolve, OneVariableMayServeSeveralCommands) {
  const auto resolution =
      Start{.environment = {{"CROSSPOINT_HOST_LISTEN", ":1"}, {"CROSSPOINT_BENCH_SIZE", "1 KiB"}}}.resolved();

  EXPECT_THAT(sentences(resolution), IsEmpty());
  EXPECT_EQ(resolution.settings.get<"host.listen">(), ":1");
}

TEST(Resolve, EverythingWrongInAFileIsFoundAtOnceWithItsPlace) {
  const auto resolution = resolve_file("node.toml",
                                       "listen = \":80\"\n"
                                       "[serve]\n"
                                       "pingevery = \"5s\"\n"
                                       "ping_every = \"5s\"\n"
                                       "loops = \"8\"\n"
                                       "secrt = \"hunter2\"\n"
                                       "dead-after = 54\n"
                                       "slow-viewer = \"vidio\"\n"
                                       "config = \"x\"\n"
                                       "[serv]\n"
                                       "a = 1\n"
                                       "b = 2\n"
                                       "[http.x]\n"
                                       "a = 1\n"
                                       "[[log]]\n"
                                       "level = \"info\"\n");

  EXPECT_THAT(
      sentences(resolution),
      ElementsAre(
          "node.toml:1:1: listen: no such setting; did you mean serve.listen?",
          "node.toml:3:1: serve.pingevery: no such setting; did you mean serve.ping-every?",
          "node.toml:4:1: serve.ping_every: no such setting; did you mean serve.ping-every?",
          "node.toml:5:9: serve.loops: \"8\" is text; write the number without quotes",
          "node.toml:6:1: serve.secrt: no such setting; did you mean serve.secret?",
          "node.toml:7:14: serve.dead-after: \"54\" has no unit; write a number and a unit: 500ms, 5s, 2m, "
          "1h",
          "node.toml:8:15: serve.slow-viewer: \"vidio\" is not one of auto, video, latest, reliable; did "
          "you mean video?",
          "node.toml:9:1: serve.config: no such setting",
          "node.toml:11:1: serv: no such section; did you mean serve?",
          "node.toml:13:7: http.x: no such setting",
          "node.toml:15:3: log is a section; write [log] and its settings under it"));
}

TEST(Resolve, AnEmptySectionIsFine) {
  EXPECT_THAT(sentences(resolve_file("node.toml", "[serve]\n[host]\n")), IsEmpty());
  EXPECT_THAT(sentences(resolve_file("node.toml", "")), IsEmpty());
}

TEST(Resolve, AFileThatCannotBeReadIsNamedWithWhoNamedIt) {
  const auto by_flag = Start{.words = {"--config", "lost.toml"}}.resolved();
  const auto by_variable = Start{.environment = {{"CROSSPOINT_CONFIG", "lost.toml"}}}.resolved();

  EXPECT_THAT(sentences(by_flag), ElementsAre("--config: cannot read lost.toml: No such file or directory"));
  EXPECT_THAT(sentences(by_variable),
              ElementsAre("CROSSPOINT_CONFIG: cannot read lost.toml: No such file or directory"));
}

TEST(Resolve, WhatWasOverruledIsCheckedAllTheSame) {
  const auto resolution =
      Start{.words = {"--loops", "2"}, .environment = {{"CROSSPOINT_LOOPS", "many"}}}.resolved();

  EXPECT_THAT(sentences(resolution),
              ElementsAre("CROSSPOINT_LOOPS: \"many\" is not a whole number; write digits only"));
  EXPECT_EQ(resolution.settings.get<"serve.loops">(), 2);
}

TEST(Resolve, ASecretIsInNoNoteAndNoProblem) {
  const auto resolution =
      Start{.words = {"--secret", "hunter2"},
            .environment = {{"CROSSBAR_SECRET", "hunter2"}, {"CROSSPOINT_SECRET", "hunter2"}},
            .file = "[serve]\nsecret = [\"hunter2\"]\nsecrets = \"hunter2\"\n"}
          .resolved();

  EXPECT_EQ(resolution.settings.get<"serve.secret">(), "hunter2");
  EXPECT_EQ(resolution.problems.size(), 2u);
  for (const auto& sentence: sentences(resolution))
    EXPECT_EQ(sentence.find("hunter"), std::string::npos) << sentence;
  for (const auto& note: resolution.notes) EXPECT_EQ(note.find("hunter"), std::string::npos) << note;
}

}  // namespace
}  // namespace crosspoint::config
