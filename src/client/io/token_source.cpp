#include "client/io/token_source.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>

namespace crosspoint::client {
namespace {

constexpr std::string_view white_space = " \t\r\n";
// A token and what editors leave around it.
constexpr std::size_t file_bytes_max = token_bytes_max + 1024;

// A descriptor for the length of one function.
class File {
 public:
  // Never waits: a pipe in the place of a file would hold up the loop.
  explicit File(const char* path) : number_(::open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)) {}
  ~File() {
    if (number_ >= 0) ::close(number_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

// Up to `bytes_max` and one more, which says that there is too much.
Result<std::string, int> read_up_to(int descriptor, std::size_t bytes_max) {
  std::string text(bytes_max + 1, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const auto got = ::read(descriptor, text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(errno);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  text.resize(size);
  return text;
}

std::string trimmed(const std::string& text) {
  const auto begin = text.find_first_not_of(white_space);
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(white_space) - begin + 1);
}

}  // namespace

Result<std::string, std::string> TokenFile::token() const {
  const auto problem = [&](std::string_view what) {
    return fail(fmt::format("the token file {} {}", path_, what));
  };
  const File file(path_.c_str());
  struct stat facts{};
  if (file.number() < 0 || ::fstat(file.number(), &facts) != 0)
    return problem(fmt::format("cannot be read: {}", std::strerror(errno)));
  if (!S_ISREG(facts.st_mode)) return problem("is no regular file");
  if ((facts.st_mode & (S_IROTH | S_IWOTH)) != 0)
    return problem("is open to everybody on this machine, and is not used; chmod o-rw it");
  const auto text = read_up_to(file.number(), file_bytes_max);
  if (!text) return problem(fmt::format("cannot be read: {}", std::strerror(text.error())));
  auto token = text->size() > file_bytes_max ? *text : trimmed(*text);
  if (const auto checked = check_token(token); !checked)
    return problem(fmt::format("holds no token: what it holds {}", checked.error()));
  return token;
}

}  // namespace crosspoint::client
