"""``matchmaker sample`` writes a folder of the size asked for, or says what is wrong."""

from __future__ import annotations

from click.testing import CliRunner

from matchmaker.cli import cli
from matchmaker.engine.folder import read_folder


def run(*arguments: str):
    return CliRunner().invoke(cli, ["sample", *arguments])


def test_sizes_and_seed_are_options(tmp_path):
    sizes = ["--groups", "6", "--needs", "4", "--professionals", "9", "--employers", "3"]
    done = run("--out", str(tmp_path / "new"), "--seed", "5", *sizes)
    assert done.exit_code == 0, done.output
    assert "9 professionals, 6 groups, 4 needs" in done.output
    rows = read_folder(tmp_path / "new").rows
    assert [len(rows[name]) for name in ("professionals", "groups", "needs")] == [9, 6, 4]


def test_a_size_that_cannot_be_is_wrong_usage(tmp_path):
    for wrong in (["--groups", "0"], ["--needs", "-1"], ["--employers", "9999"], ["--seed", "x"]):
        done = run("--out", str(tmp_path), *wrong)
        assert done.exit_code == 2
        assert "Traceback" not in done.output
    assert not list(tmp_path.iterdir())


def test_out_is_required():
    assert run().exit_code == 2
