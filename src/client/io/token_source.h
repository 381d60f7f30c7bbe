#pragma once
// Where a token comes from each time one is shown: told once, or from a file that somebody renews (row H5).
//
// A file is read again at each attempt, so that a renewed token is used without a restart. It must be a
// regular file that not everybody on the machine may read: a token that everybody can copy proves nothing.
// What is wrong is a sentence that names the file and never repeats what is in it.

#include <memory>
#include <string>

#include "base/files.h"
#include "base/result.h"
#include "client/token_text.h"

namespace crosspoint::client {

class TokenSource {
 public:
  virtual ~TokenSource() = default;
  // The token as it is now. The error is a sentence.
  virtual Result<std::string, std::string> token() const = 0;
};

class FixedToken final : public TokenSource {
 public:
  explicit FixedToken(std::string token) : token_(std::move(token)) {}
  Result<std::string, std::string> token() const override { return token_; }

 private:
  std::string token_;
};

class TokenFile final : public TokenSource {
 public:
  // `files` outlives it.
  TokenFile(const Files& files, std::string path) : files_(files), path_(std::move(path)) {}
  // White space around the token is left out: editors and `echo` end files with a new line.
  Result<std::string, std::string> token() const override;

 private:
  const Files& files_;
  std::string path_;
};

}  // namespace crosspoint::client
