"""What customers entrusted to the business is not for the other accounts of the machine."""

import os
import stat
import subprocess
import sys
from pathlib import Path


def test_a_new_data_folder_and_all_in_it_are_their_owners_alone(tmp_path: Path) -> None:
    home = tmp_path / "shop"
    (tmp_path / "orders.csv").write_text("order_id,customer,at,total\n1,eva@shop.example,2026-03-02,12.50\n")
    environment = os.environ | {
        "STAMMKUNDE_HOME": str(home),
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "stammkunde.config.settings",
    }
    command = [sys.executable, "-m", "stammkunde.cli", "import", "orders", str(tmp_path / "orders.csv")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, umask=0o022)
    assert 0 == done.returncode, done.stderr
    open_to_others = [str(path) for path in (home, *home.rglob("*")) if stat.S_IMODE(path.stat().st_mode) & 0o077]
    assert [] == open_to_others
    assert (home / "stammkunde.sqlite3").is_file()
