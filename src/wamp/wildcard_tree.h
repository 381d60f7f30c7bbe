#pragma once
// Wildcard patterns, as a tree over their components: which of them fit a URI? A component of the URI leads
// to at most two places, its own name and the empty component; so what an answer costs depends on the depth
// of the patterns and on how many of them begin like the URI, not on how many there are.
//
// Values are not owned; whoever adds one takes it out before it goes.

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/assert.h"
#include "base/text_hash.h"
#include "wamp/uri.h"

namespace crosspoint::wamp {

template <typename T>
class WildcardTree {
 public:
  // At most wildcard_components_max components (is_pattern() saw to it).
  void add(std::string_view pattern, T& value) {
    NodeId node = root;
    for (Components rest(pattern); !rest.at_end();) node = make_child(node, rest.take());
    CROSSPOINT_ASSERT(nodes_[node].value == nullptr);
    nodes_[node].value = &value;
    ++patterns_of(pattern);
    ++size_;
  }

  void remove(std::string_view pattern) {
    remove_below(root, Components(pattern));
    --patterns_of(pattern);
    if (--size_ == 0) *this = WildcardTree();  // a crowd that has left holds no memory
  }

  T* find(std::string_view pattern) const {
    NodeId node = root;
    for (Components rest(pattern); !rest.at_end() && node != none;) {
      const std::string_view component = rest.take();
      node = component.empty() ? nodes_[node].any : literal_child(node, component);
    }
    return node == none ? nullptr : nodes_[node].value;
  }

  // visit(T&) for each pattern that fits. How many nodes were looked at, for tests of what it costs.
  template <typename Visitor>
  std::size_t match(std::string_view uri, Visitor visit) const {
    const auto visit_and_go_on = [&](T& value) {
      visit(value);
      return false;
    };
    return walk(uri, visit_and_go_on);
  }

  // Of the patterns that fit, the one with the most components before its first empty one; among equals the
  // one with the most between that and the next empty one, and so on (two empty components side by side have
  // none between them). So of two patterns that first differ in one place, the one which names that component
  // wins: there is always exactly one best. Null: none fits.
  T* best(std::string_view uri) const {
    T* found = nullptr;
    const auto take_the_first = [&](T& value) {
      found = &value;
      return true;
    };
    walk(uri, take_the_first);
    return found;
  }

  std::size_t size() const { return size_; }
  std::size_t nodes() const { return nodes_.size() - unused_.size(); }

 private:
  using NodeId = std::uint32_t;
  static constexpr NodeId root = 0;
  static constexpr NodeId none = UINT32_MAX;

  // The components of a URI, one after the other. An empty URI is one empty component.
  class Components {
   public:
    explicit Components(std::string_view uri) : rest_(uri) {}
    bool at_end() const { return at_end_; }
    std::string_view take() {
      const std::size_t dot = rest_.find('.');
      at_end_ = dot == std::string_view::npos;
      const std::string_view component = rest_.substr(0, dot);
      if (!at_end_) rest_.remove_prefix(dot + 1);
      return component;
    }

   private:
    std::string_view rest_;
    bool at_end_ = false;
  };

  struct Node {
    T* value = nullptr;
    NodeId any = none;           // the child for an empty component
    std::uint32_t literals = 0;  // its children in edges_
  };
  struct EdgeView {
    NodeId parent;
    std::string_view component;
    bool operator==(const EdgeView&) const = default;
  };
  struct Edge {
    NodeId parent;
    std::string component;
    operator EdgeView() const { return {parent, component}; }
  };
  struct EdgeHash {
    using is_transparent = void;
    std::size_t operator()(const EdgeView& edge) const {
      return TextHash{}(edge.component) ^ (edge.parent + 1) * std::size_t{0x9e3779b97f4a7c15};
    }
  };
  struct EdgeEqual {
    using is_transparent = void;
    bool operator()(const EdgeView& a, const EdgeView& b) const { return a == b; }
  };

  std::uint32_t& patterns_of(std::string_view pattern) {
    const std::size_t components = component_count(pattern);
    CROSSPOINT_ASSERT(components <= wildcard_components_max);
    return patterns_of_[components];
  }

  // Literal components first, so that patterns come best first. The visitor says whether to stop.
  template <typename Visitor>
  std::size_t walk(std::string_view uri, Visitor& visit) const {
    if (size_ == 0) return 0;
    const std::size_t components = component_count(uri);
    if (components > wildcard_components_max || patterns_of_[components] == 0) return 0;
    std::size_t steps = 0;
    walk_below(root, Components(uri), visit, steps);
    return steps;
  }
  template <typename Visitor>
  bool walk_below(NodeId node, Components rest, Visitor& visit, std::size_t& steps) const {
    ++steps;
    if (rest.at_end()) return nodes_[node].value != nullptr && visit(*nodes_[node].value);
    const std::string_view component = rest.take();
    const NodeId literal = component.empty() ? none : literal_child(node, component);
    if (literal != none && walk_below(literal, rest, visit, steps)) return true;
    const NodeId any = nodes_[node].any;
    return any != none && walk_below(any, rest, visit, steps);
  }

  NodeId literal_child(NodeId node, std::string_view component) const {
    if (nodes_[node].literals == 0) return none;
    const auto edge = edges_.find(EdgeView{node, component});
    return edge == edges_.end() ? none : edge->second;
  }

  NodeId make_child(NodeId node, std::string_view component) {
    const NodeId known = component.empty() ? nodes_[node].any : literal_child(node, component);
    if (known != none) return known;
    const NodeId child = take_node();
    if (component.empty()) {
      nodes_[node].any = child;
    } else {
      edges_.emplace(Edge{node, std::string(component)}, child);
      ++nodes_[node].literals;
    }
    return child;
  }

  // True: nothing is left at `node`.
  bool remove_below(NodeId node, Components rest) {
    if (rest.at_end()) {
      CROSSPOINT_ASSERT(nodes_[node].value != nullptr);
      nodes_[node].value = nullptr;
    } else {
      remove_child(node, rest);
    }
    return nodes_[node].value == nullptr && nodes_[node].any == none && nodes_[node].literals == 0;
  }
  void remove_child(NodeId node, Components rest) {
    const std::string_view component = rest.take();
    const NodeId child = component.empty() ? nodes_[node].any : literal_child(node, component);
    CROSSPOINT_ASSERT(child != none);
    if (!remove_below(child, rest)) return;
    if (component.empty()) {
      nodes_[node].any = none;
    } else {
      edges_.erase(edges_.find(EdgeView{node, component}));
      --nodes_[node].literals;
    }
    unused_.push_back(child);
  }

  NodeId take_node() {
    if (unused_.empty()) {
      nodes_.emplace_back();
      return static_cast<NodeId>(nodes_.size() - 1);
    }
    const NodeId node = unused_.back();
    unused_.pop_back();
    return node;
  }

  std::vector<Node> nodes_{1};
  std::vector<NodeId> unused_;
  std::unordered_map<Edge, NodeId, EdgeHash, EdgeEqual> edges_;
  std::array<std::uint32_t, wildcard_components_max + 1> patterns_of_{};  // by their number of components
  std::size_t size_ = 0;
};

}  // namespace crosspoint::wamp
