#pragma once
// Wildcard patterns, as a tree over their components: which of them fit a URI? A component of the URI leads
// to at most two places, its own name and the empty component; so what an answer costs depends on the depth
// of the patterns and on how many of them begin like the URI, not on how many there are.
//
// Names of components are numbered, each name once: a URI's component is hashed once in an answer, and leads
// nowhere at all when no pattern has that name. The edges of the tree are then pairs of numbers.
//
// Values are not owned; whoever adds one takes it out before it goes.

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <string>
#include <string_view>
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
      node = component.empty() ? nodes_[node].any : literal_child(node, find_name(component));
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
  std::size_t names() const { return names_.size(); }

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
  using NameId = std::uint32_t;
  static constexpr NameId no_name = UINT32_MAX;
  struct Name {
    NameId id;
    std::uint32_t edges;  // that have it
  };
  struct Edge {
    NodeId parent;
    NameId name;
    bool operator==(const Edge&) const = default;
  };
  // Keyed, as TextHash is: who subscribes chooses, in part, which pairs there are.
  class EdgeHash {
   public:
    using is_avalanching = void;
    std::size_t operator()(const Edge& edge) const {
      const std::uint64_t pair = (std::uint64_t{edge.parent} << 32 | edge.name) ^ key_;
      __extension__ using Wide = unsigned __int128;
      const Wide product = static_cast<Wide>(pair) * factor_;
      return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
    }

   private:
    std::uint64_t key_ = TextHash{}("key of edges");
    std::uint64_t factor_ = TextHash{}("factor of edges") | 1;
  };
  // The components of a URI as numbers, each found when it is first asked for.
  class NamedUri {
   public:
    NamedUri(const WildcardTree& tree, std::string_view uri) : tree_(tree), rest_(uri) {}
    NameId at(std::size_t place) {
      while (known_ <= place) names_[known_++] = tree_.find_name(rest_.take());
      return names_[place];
    }

   private:
    const WildcardTree& tree_;
    Components rest_;
    std::size_t known_ = 0;
    std::array<NameId, wildcard_components_max> names_;
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
    NamedUri named(*this, uri);
    walk_below(root, 0, components, named, visit, steps);
    return steps;
  }
  template <typename Visitor>
  bool walk_below(NodeId node, std::size_t place, std::size_t components, NamedUri& uri, Visitor& visit,
                  std::size_t& steps) const {
    ++steps;
    if (place == components) return nodes_[node].value != nullptr && visit(*nodes_[node].value);
    const NodeId literal = nodes_[node].literals == 0 ? none : literal_child(node, uri.at(place));
    if (literal != none && walk_below(literal, place + 1, components, uri, visit, steps)) return true;
    const NodeId any = nodes_[node].any;
    return any != none && walk_below(any, place + 1, components, uri, visit, steps);
  }

  NameId find_name(std::string_view component) const {
    const auto name = names_.find(component);
    return name == names_.end() ? no_name : name->second.id;
  }
  NodeId literal_child(NodeId node, NameId name) const {
    if (name == no_name || nodes_[node].literals == 0) return none;
    const auto edge = edges_.find(Edge{node, name});
    return edge == edges_.end() ? none : edge->second;
  }

  NodeId make_child(NodeId node, std::string_view component) {
    const NodeId known = component.empty() ? nodes_[node].any : literal_child(node, find_name(component));
    if (known != none) return known;
    const NodeId child = take_node();
    if (component.empty()) {
      nodes_[node].any = child;
    } else {
      edges_.emplace(Edge{node, use_name(component)}, child);
      ++nodes_[node].literals;
    }
    return child;
  }

  // For one more edge.
  NameId use_name(std::string_view component) {
    const auto known = names_.find(component);
    if (known != names_.end()) {
      ++known->second.edges;
      return known->second.id;
    }
    NameId id = static_cast<NameId>(names_.size());
    if (!unused_names_.empty()) {
      id = unused_names_.back();
      unused_names_.pop_back();
    }
    names_.emplace(component, Name{id, 1});
    return id;
  }
  void cut_edge(NodeId node, std::string_view component) {
    const auto name = names_.find(component);
    edges_.erase(Edge{node, name->second.id});
    --nodes_[node].literals;
    if (--name->second.edges > 0) return;
    unused_names_.push_back(name->second.id);
    names_.erase(name);
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
    const NodeId child = component.empty() ? nodes_[node].any : literal_child(node, find_name(component));
    CROSSPOINT_ASSERT(child != none);
    if (!remove_below(child, rest)) return;
    if (component.empty()) {
      nodes_[node].any = none;
    } else {
      cut_edge(node, component);
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
  ByText<Name> names_;
  std::vector<NameId> unused_names_;
  boost::unordered_flat_map<Edge, NodeId, EdgeHash> edges_;
  std::array<std::uint32_t, wildcard_components_max + 1> patterns_of_{};  // by their number of components
  std::size_t size_ = 0;
};

}  // namespace crosspoint::wamp
