"""A reader's terminal: one bash session that keeps its folder, its files and its background jobs."""

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

PROGRAMS = Path(sys.executable).parent
MARK = "--done-6f1c2a--"


class Session:
    """Type commands one after another into bash, with this environment's programs first on the path."""

    def __init__(self, folder, home, programs=PROGRAMS, **variables):
        self.folder = folder
        settings = home / ".jupyter" / "jupyter_server_config.json"
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.write_text('{"ServerApp": {"open_browser": false, "allow_root": true}}')
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")
        } | {
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(home),
            "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache")),
            "COLUMNS": "100",
            "PYTHONUTF8": "1",
            **variables,
        }
        self.bash = subprocess.Popen(
            [shutil.which("bash")], cwd=folder, env=environment, text=True, encoding="utf-8",
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip

    def __enter__(self):
        return self

    def __exit__(self, *_):
        """End what still runs in the background, as closing the terminal does."""
        os.killpg(self.bash.pid, signal.SIGKILL)
        self.bash.communicate()

    def run(self, command):
        """Give the exit status of a command and what it printed."""
        self.bash.stdin.write(f"{command}\nprintf '\\n{MARK} %s\\n' $?\n")
        self.bash.stdin.flush()
        said = []
        for line in self.bash.stdout:
            if line.startswith(MARK):
                return int(line.split()[1]), "".join(said).removesuffix("\n")
            said.append(line)
        raise AssertionError(f"bash ended at: {command}\n{''.join(said)}")

    def must(self, command, expected="", allowed=(0,)):
        """Run a command that must end well, and print what the page shows where it shows anything."""
        status, said = self.run(command)
        assert status in allowed, f"$ {command}\n{said}"
        assert "Traceback" not in said, f"$ {command}\n{said}"
        if expected:
            pattern = re.escape(expected.strip()).replace("…", ".*")
            assert re.fullmatch(pattern, said.strip(), re.DOTALL), (
                f"$ {command}\n{said}\nexpected\n{expected}"
            )
        return said
