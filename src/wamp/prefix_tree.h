#pragma once
// Prefix patterns, as a radix tree over their characters: which of them does a URI begin with? The answer
// costs at most one step for each character of the URI, however many patterns there are.
//
// Values are not owned; whoever adds one takes it out before it goes.

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/assert.h"

namespace crosspoint::wamp {

template <typename T>
class PrefixTree {
 public:
  void add(std::string_view prefix, T& value) {
    T*& place = nodes_[make_path(prefix)].value;
    CROSSPOINT_ASSERT(place == nullptr);
    place = &value;
    ++size_;
  }

  void remove(std::string_view prefix) {
    NodeId parent = root;
    const NodeId node = find_node(prefix, &parent);
    CROSSPOINT_ASSERT(node != none && nodes_[node].value != nullptr);
    nodes_[node].value = nullptr;
    --size_;
    if (node != root && nodes_[node].children.empty()) {
      unlink(parent, node);
      join_with_only_child(parent);
    } else {
      join_with_only_child(node);
    }
    if (size_ == 0) *this = PrefixTree();  // a crowd that has left holds no memory
  }

  T* find(std::string_view prefix) const {
    const NodeId node = find_node(prefix, nullptr);
    return node == none ? nullptr : nodes_[node].value;
  }

  // visit(T&) for each prefix of `uri`, the shortest first. How many nodes were looked at, for tests of what
  // it costs.
  template <typename Visitor>
  std::size_t match(std::string_view uri, Visitor visit) const {
    if (size_ == 0) return 0;
    std::size_t steps = 0;
    for (NodeId node = root; node != none; node = step(node, uri)) {
      ++steps;
      if (nodes_[node].value != nullptr) visit(*nodes_[node].value);
    }
    return steps;
  }

  // Null: no pattern is a prefix of `uri`.
  T* longest(std::string_view uri) const {
    T* best = nullptr;
    match(uri, [&](T& value) { best = &value; });
    return best;
  }

  std::size_t size() const { return size_; }
  std::size_t nodes() const { return nodes_.size() - unused_.size(); }

 private:
  using NodeId = std::uint32_t;
  static constexpr NodeId root = 0;
  static constexpr NodeId none = UINT32_MAX;

  struct Child {
    unsigned char first;  // character of its label
    NodeId node;
  };
  struct Node {
    std::string label;  // the characters between its parent and it; of the root alone empty
    T* value = nullptr;
    std::vector<Child> children{};  // by their first characters, which differ
  };

  static unsigned char first_of(std::string_view text) { return static_cast<unsigned char>(text.front()); }

  // Where a child that begins with `first` is, or belongs.
  static auto place_of(auto& children, unsigned char first) {
    return std::ranges::lower_bound(children, first, {}, &Child::first);
  }
  NodeId child_of(NodeId node, std::string_view rest) const {
    const auto& children = nodes_[node].children;
    const auto place = place_of(children, first_of(rest));
    return place != children.end() && place->first == first_of(rest) ? place->node : none;
  }

  // The child of `node` whose whole label begins `rest`, which is cut off; none: there is no such child.
  NodeId step(NodeId node, std::string_view& rest) const {
    if (rest.empty()) return none;
    const NodeId child = child_of(node, rest);
    if (child == none || !rest.starts_with(nodes_[child].label)) return none;
    rest.remove_prefix(nodes_[child].label.size());
    return child;
  }

  NodeId find_node(std::string_view prefix, NodeId* parent) const {
    NodeId node = root;
    while (!prefix.empty() && node != none) {
      if (parent != nullptr) *parent = node;
      node = step(node, prefix);
    }
    return node;
  }

  NodeId make_path(std::string_view rest) {
    NodeId node = root;
    while (!rest.empty()) {
      NodeId child = child_of(node, rest);
      if (child == none) return add_leaf(node, rest);
      const std::string& label = nodes_[child].label;
      const auto common = static_cast<std::size_t>(std::ranges::mismatch(label, rest).in1 - label.begin());
      if (common < label.size()) child = split(node, child, common);
      node = child;
      rest.remove_prefix(common);
    }
    return node;
  }

  NodeId add_leaf(NodeId parent, std::string_view label) {
    const NodeId leaf = take_node(std::string(label));
    auto& children = nodes_[parent].children;
    children.insert(place_of(children, first_of(label)), {first_of(label), leaf});
    return leaf;
  }

  // Puts a node between `parent` and `child`, with the first `at` characters of the child's label.
  NodeId split(NodeId parent, NodeId child, std::size_t at) {
    const NodeId middle = take_node(nodes_[child].label.substr(0, at));
    nodes_[child].label.erase(0, at);
    nodes_[middle].children.push_back({first_of(nodes_[child].label), child});
    place_of(nodes_[parent].children, first_of(nodes_[middle].label))->node = middle;
    return middle;
  }

  void unlink(NodeId parent, NodeId leaf) {
    auto& children = nodes_[parent].children;
    children.erase(place_of(children, first_of(nodes_[leaf].label)));
    give_back(leaf);
  }

  void join_with_only_child(NodeId node) {
    if (node == root || nodes_[node].value != nullptr || nodes_[node].children.size() != 1) return;
    const NodeId child = nodes_[node].children.front().node;
    nodes_[node].label += nodes_[child].label;
    nodes_[node].value = nodes_[child].value;
    nodes_[node].children = std::exchange(nodes_[child].children, {});
    give_back(child);
  }

  NodeId take_node(std::string label) {
    if (unused_.empty()) {
      nodes_.push_back({std::move(label)});
      return static_cast<NodeId>(nodes_.size() - 1);
    }
    const NodeId node = unused_.back();
    unused_.pop_back();
    nodes_[node] = {std::move(label)};
    return node;
  }
  void give_back(NodeId node) {
    nodes_[node] = {};
    unused_.push_back(node);
  }

  std::vector<Node> nodes_{1};
  std::vector<NodeId> unused_;
  std::size_t size_ = 0;
};

}  // namespace crosspoint::wamp
