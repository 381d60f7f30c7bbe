#pragma once
// Reads what somebody sent, one after the other, and remembers the first that is not what it must be. C++20,
// the standard library only.
//
//   WampArguments in = call.arguments();
//   const double to = in.number("to");              // must be there, and a number
//   const std::string unit = in.text("unit", "mm");  // need not be there
//   if (!in) return call.reject(in.problem());       // "kwargs.to must be a number, and is missing"
//
// What is wrong reads as zero, or as empty; so look at the reader before anything is done with what was read.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include <crosspoint/wamp_value.h>

namespace crosspoint {

class WampArguments {
 public:
  // Both outlive the reader.
  WampArguments(const WampList& args, const WampMap& kwargs) : args_(args), kwargs_(kwargs) {}

  // Where one is: its place, from 0 on, or its name.
  class Place {
   public:
    Place(std::integral auto index) : index_(static_cast<std::size_t>(index)) {}
    Place(const char* name) : name_(name), named_(true) {}
    Place(std::string_view name) : name_(name), named_(true) {}

   private:
    friend class WampArguments;
    std::size_t index_ = 0;
    std::string_view name_;
    bool named_ = false;
  };

  bool boolean(Place at);
  std::int64_t integer(Place at);
  std::uint64_t natural(Place at);
  double number(Place at);
  std::string text(Place at);
  WampValue::Binary binary(Place at);
  const WampList& list(Place at);  // these three are as good as what they are of
  const WampMap& map(Place at);
  const WampValue& value(Place at);

  // The same, where it may be missing, or null.
  bool boolean(Place at, bool otherwise);
  std::int64_t integer(Place at, std::int64_t otherwise);
  std::uint64_t natural(Place at, std::uint64_t otherwise);
  double number(Place at, double otherwise);
  std::string text(Place at, std::string otherwise);

  // There is no more than so many of args, and in kwargs no name but these.
  void at_most(std::size_t args, std::initializer_list<std::string_view> names = {});

  explicit operator bool() const { return problem_.empty(); }
  const std::string& problem() const { return problem_; }  // a sentence about the first that is wrong

 private:
  const WampValue& find(const Place& at) const;
  void refuse(const Place& at, std::string_view wanted);

  const WampList& args_;
  const WampMap& kwargs_;
  std::string problem_;
};

}  // namespace crosspoint
