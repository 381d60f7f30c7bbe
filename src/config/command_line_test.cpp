#include "config/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/help.h"

namespace crosspoint::config {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

Outcome start(std::vector<std::string> words, Environment environment = {},
              std::map<std::string, std::string> files = {}) {
  return parse_command_line({std::move(words), std::move(environment),
                             [files](const std::string& path) -> Result<std::string, std::string> {
                               const auto found = files.find(path);
                               if (found == files.end())
                                 return fail(std::string("No such file or directory"));
                               return found->second;
                             },
                             "1.2.3"});
}

Reply reply(std::vector<std::string> words, Environment environment = {},
            std::map<std::string, std::string> files = {}) {
  auto outcome = start(std::move(words), std::move(environment), std::move(files));
  if (auto* found = std::get_if<Reply>(&outcome)) return *found;
  ADD_FAILURE() << "it would run";
  return {};
}

TEST(CommandLine, ACommandRunsWithItsSettings) {
  const auto outcome = start({"serve", "--listen=:9", "--echo", "--no-stats", "--loops", "2"});

  const auto* run = std::get_if<Invocation>(&outcome);
  ASSERT_NE(run, nullptr);
  EXPECT_EQ(run->command, "serve");
  EXPECT_EQ(run->settings.get<"serve.listen">(), ":9");
  EXPECT_TRUE(run->settings.get<"serve.echo">());
  EXPECT_FALSE(run->settings.get<"serve.stats">());
  EXPECT_EQ(run->settings.get<"serve.loops">(), 2);
}

TEST(CommandLine, ACommandWithoutSettingsRunsWhateverFileAndVariablesSay) {
  const auto outcome = start({"init", "wamp", "lab.toml"}, {{"CROSSPOINT_NONSENSE", "1"}});

  const auto* invocation = std::get_if<Invocation>(&outcome);
  ASSERT_NE(invocation, nullptr);
  EXPECT_EQ(invocation->command, "init wamp");
  EXPECT_EQ(invocation->positionals, std::vector<std::string>{"lab.toml"});
  EXPECT_EQ(reply({"init", "wamp", "a", "b"}).exit_status, 2);
}

TEST(CommandLine, ASwitchTakesItsValueOnlyAfterAnEqualsSign) {
  const auto off = start({"serve", "--stats=off", "--dev=TRUE"});

  EXPECT_FALSE(std::get<Invocation>(off).settings.get<"serve.stats">());
  EXPECT_TRUE(std::get<Invocation>(off).settings.get<"serve.dev">());
  EXPECT_EQ(reply({"serve", "--dev", "false"}).errors,
            "\"false\": crosspoint serve does not know what to do with this\nSee crosspoint serve --help.\n");
}

TEST(CommandLine, WrongUseIsASentenceOnStandardErrorAndStatusTwo) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> rows{
      {{"sreve"}, "sreve: no such command; did you mean serve?\nSee crosspoint help.\n"},
      {{"stream"}, "stream: no such command\nSee crosspoint help.\n"},
      {{"--listen", ":1", "serve"}, "--listen: write a command first\nSee crosspoint help.\n"},
      {{"config"},
       "crosspoint config: one of these: config show, config reference, config schema\nSee crosspoint "
       "help.\n"},
      {{"config", "shwo"},
       "crosspoint config: one of these: config show, config reference, config schema\nSee crosspoint "
       "help.\n"},
      {{"serve", "--lisen", ":1"},
       "--lisen: crosspoint serve has no such flag; did you mean --listen?\nSee crosspoint serve --help.\n"},
      {{"serve", "-listen", ":1"},
       "-listen: crosspoint serve has no such flag; did you mean --listen?\nSee crosspoint serve --help.\n"},
      {{"serve", "--listen"}, "--listen: a value is missing\nSee crosspoint serve --help.\n"},
      {{"serve", "--listen", "--echo"}, "--listen: a value is missing\nSee crosspoint serve --help.\n"},
      {{"serve", "--no-echo=true"}, "--no-echo: takes no value\nSee crosspoint serve --help.\n"},
      {{"serve", "--loops", "many"},
       "--loops: \"many\" is not a whole number; write digits only\nSee crosspoint serve --help.\n"},
      {{"serve", "here"},
       "\"here\": crosspoint serve does not know what to do with this\nSee crosspoint serve --help.\n"},
      {{"host", "--echo"}, "--echo: crosspoint host has no such flag\nSee crosspoint host --help.\n"},
      {{"check"}, "crosspoint check: FILE... is missing\nSee crosspoint check --help.\n"},
      {{"version", "--loops", "1"},
       "--loops: crosspoint version has no such flag\nSee crosspoint version --help.\n"},
      {{"completions", "fish"},
       "\"fish\": completions are for bash or zsh\nSee crosspoint completions --help.\n"},
      {{"help", "serv"}, "serv: no such command; did you mean serve?\nSee crosspoint help.\n"},
      {{"config", "show", "check"},
       "\"check\": no command with settings\nSee crosspoint config show --help.\n"},
  };
  for (const auto& [words, wanted]: rows) {
    const Reply got = reply(words);
    EXPECT_EQ(got.errors, wanted);
    EXPECT_EQ(got.output, "");
    EXPECT_EQ(got.exit_status, 2) << wanted;
  }
}

TEST(CommandLine, AWrongSettingElsewhereIsStatusOne) {
  const Reply variable = reply({"serve"}, {{"CROSSBAR_LISTEN", "8080"}});
  const Reply file = reply({"serve", "--config", "node.toml"}, {}, {{"node.toml", "[serve]\nloops = -1\n"}});

  EXPECT_EQ(variable.exit_status, 1);
  EXPECT_THAT(variable.errors,
              StartsWith("CROSSBAR_LISTEN: \"8080\" is not an address to listen on: it has no port; "));
  EXPECT_EQ(file.exit_status, 1);
  EXPECT_EQ(
      file.errors,
      "node.toml:2:9: serve.loops: \"-1\" is too small: at least 1, at most 1024, or 0 for one per core\n");
}

TEST(CommandLine, EverythingWrongIsSaidAtOnce) {
  const Reply got = reply({"serve", "--lisen", ":1", "--loops", "many"}, {{"CROSSPOINT_DED_AFTER", "1s"}});

  EXPECT_THAT(got.errors, AllOf(HasSubstr("--lisen"), HasSubstr("--loops"),
                                HasSubstr("did you mean CROSSPOINT_DEAD_AFTER?")));
}

TEST(CommandLine, WordsAfterAFlagNobodyKnowsAreNotRepeatedSinceTheyMayBeASecret) {
  const Reply apart = reply({"serve", "--secrt", "hunter2"});
  const Reply together = reply({"serve", "--secrt=hunter2"});

  EXPECT_EQ(
      apart.errors,
      "--secrt: crosspoint serve has no such flag; did you mean --secret?\nSee crosspoint serve --help.\n");
  EXPECT_EQ(together.errors, apart.errors);
}

TEST(CommandLine, AfterTwoDashesNothingIsAFlag) {
  EXPECT_THAT(reply({"check", "--", "--x.toml"}).errors, StartsWith("--x.toml: cannot read it"));
}

TEST(CommandLine, ANegativeNumberIsAWordAndNoFlag) {
  const auto outcome = start({"call", "com.add", "-1", "-2.5", "--realm", "lab"});

  const auto* run = std::get_if<Invocation>(&outcome);
  ASSERT_NE(run, nullptr);
  EXPECT_EQ(run->positionals, (std::vector<std::string>{"com.add", "-1", "-2.5"}));
  EXPECT_EQ(run->settings.get<"call.realm">(), "lab");
}

TEST(CommandLine, HelpIsPrintedWhereverItIsAskedFor) {
  EXPECT_EQ(reply({"--help"}).output, overview());
  EXPECT_EQ(reply({"-h"}).output, overview());
  EXPECT_EQ(reply({"help"}).output, overview());
  EXPECT_EQ(reply({"serve", "-h"}).output, help_on(*find_command("serve")));
  EXPECT_EQ(reply({"serve", "--loops", "many", "--help"}).output, help_on(*find_command("serve")));
  EXPECT_EQ(reply({"help", "config", "show"}).output, help_on(*find_command("config show")));
  EXPECT_EQ(reply({"help", "serve"}).exit_status, 0);
}

TEST(CommandLine, WithoutAnyWordItShowsTheCommandsAsAnError) {
  const Reply got = reply({});

  EXPECT_EQ(got.exit_status, 2);
  EXPECT_EQ(got.errors, overview());
}

TEST(CommandLine, TheVersionIsPrinted) {
  EXPECT_EQ(reply({"--version"}).output, "crosspoint 1.2.3\n");
  EXPECT_EQ(reply({"version"}).output, "crosspoint 1.2.3\n");
}

TEST(Check, PrintsEveryMistakeOfEveryFileAndFails) {
  const Reply got =
      reply({"check", "good.toml", "bad.toml", "lost.toml"}, {},
            {{"good.toml", "[serve]\nloops = 2\n"}, {"bad.toml", "[serve]\nlops = 2\necho = 1\n"}});

  EXPECT_EQ(got.exit_status, 1);
  EXPECT_EQ(got.output, "good.toml: good\n");
  EXPECT_EQ(got.errors,
            "bad.toml:2:1: serve.lops: no such setting; did you mean serve.loops?\n"
            "bad.toml:3:8: serve.echo: a number stands here; wanted is true or false\n"
            "lost.toml: cannot read it: No such file or directory\n");
}

TEST(Check, SucceedsWhenNothingIsWrong) { EXPECT_EQ(reply({"check", "a"}, {}, {{"a", ""}}).exit_status, 0); }

TEST(Check, SaysWhatAServiceWouldNotStartWithUnderTheVariablesOfTheEnvironment) {
  Inputs inputs{.arguments = {"check", "a.toml", "b.toml"},
                .environment = {{"CROSSPOINT_LISTEN", ":9"}},
                .read_file = [](const std::string& path) -> Result<std::string, std::string> {
                  return std::string(path == "a.toml" ? "[serve]\nloops = 2\n" : "[serve]\nlops = 2\n");
                },
                .version = "1"};
  inputs.foresee = [](const std::string& path, const Settings& settings, const std::vector<SectionText>&) {
    return Foresight{{path + ": " + settings.get<"serve.listen">() + " is in use, with " +
                      std::to_string(settings.get<"serve.loops">()) + " loops"}};
  };

  const auto outcome = parse_command_line(inputs);

  const auto& got = std::get<Reply>(outcome);
  EXPECT_EQ(got.exit_status, 1);
  EXPECT_EQ(got.output, "");
  EXPECT_EQ(got.errors,
            "a.toml: :9 is in use, with 2 loops\n"
            "b.toml:2:1: serve.lops: no such setting; did you mean serve.loops?\n");
}

TEST(Check, AWarningIsSaidAndTheFileIsGood) {
  Inputs inputs{
      .arguments = {"check", "a.toml"},
      .environment = {},
      .read_file = [](const std::string&) -> Result<std::string, std::string> { return std::string(); },
      .version = "1"};
  inputs.foresee = [](const std::string&, const Settings&, const std::vector<SectionText>&) {
    return Foresight{{}, {"a.toml: everybody can read it"}};
  };

  const auto outcome = parse_command_line(inputs);

  const auto& got = std::get<Reply>(outcome);
  EXPECT_EQ(got.exit_status, 0);
  EXPECT_EQ(got.output, "a.toml: good\n");
  EXPECT_EQ(got.errors, "a.toml: everybody can read it\n");
}

TEST(ConfigShow, SaysEachValueAndWhereItCameFrom) {
  const Reply got =
      reply({"config", "show", "host", "--flush-after", "5ms", "--config", "node.toml"},
            {{"VW_PORT", "9000"}, {"VW_CPUPROFILE", "x"}}, {{"node.toml", "[log]\nlevel = \"WARN\"\n"}});

  EXPECT_EQ(got.exit_status, 0);
  EXPECT_THAT(got.output,
              HasSubstr("log.level                              warning         node.toml:2:9\n"));
  EXPECT_THAT(got.output,
              HasSubstr("host.listen                            127.0.0.1:9000  environment VW_PORT\n"));
  EXPECT_THAT(got.output,
              HasSubstr("host.flush-after                       5ms             flag --flush-after\n"));
  EXPECT_THAT(got.output, HasSubstr("host.api                               \"\"              default\n"));
  EXPECT_THAT(got.output, Not(HasSubstr("serve.")));
  EXPECT_EQ(got.errors, "VW_CPUPROFILE has no effect: use perf(1)\n");
}

TEST(ConfigShow, IsAboutServeUnlessToldOtherwiseAndStarsSecrets) {
  const Reply got = reply({"config", "show"}, {{"CROSSBAR_SECRET", "hunter2"}});

  EXPECT_THAT(got.output, HasSubstr("serve.secret "));
  EXPECT_THAT(got.output, HasSubstr(" ***  "));
  EXPECT_THAT(got.output, HasSubstr("environment CROSSBAR_SECRET\n"));
  EXPECT_THAT(got.output, Not(HasSubstr("hunter2")));
}

TEST(ConfigShow, RefusesWhatTheCommandWouldRefuse) {
  const Reply got = reply({"config", "show", "serve", "--loops", "many"});

  EXPECT_EQ(got.exit_status, 2);
  EXPECT_EQ(got.output, "");
}

}  // namespace
}  // namespace crosspoint::config
