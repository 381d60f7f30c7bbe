#pragma once
// Asks every gateway of a node something on its own loop, and gives all answers together, in the order of the
// loops, on the loop of whoever asked.
//
//   gather(gateways, here, [](Gateway& gateway) { return gateway.sessions(); },
//          [](std::vector<std::size_t> sessions) { … });
//
// The question is copied to every loop. What it captures, and `done`, must bear it that the answer comes when
// whoever asked has gone.

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "net/loop.h"
#include "relay/io/gateway.h"

namespace crosspoint::relay {

template <class Question, class Answer = std::invoke_result_t<Question&, Gateway&>>
void gather(std::span<const std::unique_ptr<Gateway>> gateways, net::Loop& here, Question question,
            std::type_identity_t<std::move_only_function<void(std::vector<Answer>)>> done) {
  struct Gathering {
    std::vector<Answer> answers;
    std::size_t missing;
    std::move_only_function<void(std::vector<Answer>)> done;
  };
  const auto gathering = std::make_shared<Gathering>(
      Gathering{std::vector<Answer>(gateways.size()), gateways.size(), std::move(done)});
  for (std::size_t i = 0; i < gateways.size(); ++i) {
    gateways[i]->loop().post([&gateway = *gateways[i], &here, question, gathering, i]() mutable {
      here.post([gathering, i, answer = question(gateway)]() mutable {
        gathering->answers[i] = std::move(answer);
        if (--gathering->missing == 0) gathering->done(std::move(gathering->answers));
      });
    });
  }
}

// Bookings that somebody was let in with, or that were allowed, on any loop: in order, each once.
void gather_allowed(std::span<const std::unique_ptr<Gateway>> gateways, net::Loop& here,
                    std::move_only_function<void(std::vector<std::string>)> done);

}  // namespace crosspoint::relay
