#pragma once
// [wamp] of the configuration file: realms, roles, principals. Everything that is wrong is found at once, and
// said with its place; nothing of a secret is in a sentence.

#include <string>
#include <vector>

#include "config/section.h"
#include "wamp/auth/settings.h"

namespace crosspoint::wamp::auth {

struct SettingsRead {
  WampSettings settings;              // good only when there are no problems
  std::vector<std::string> problems;  // "node.toml:3:8: wamp.realm.name: …"
};
SettingsRead read_settings(const config::SectionText& text);

// What cli gives to the command line, so that check and serve know the section.
config::Section settings_section();

}  // namespace crosspoint::wamp::auth
