"""``matchmaker sample`` writes a folder of the size asked for, or says what is wrong."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from matchmaker.cli import cli
from matchmaker.engine import Market
from matchmaker.engine.files.folder import read_folder, write_folder
from tests.engine.markets import one_pair


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


def test_a_large_market_as_folder_or_columns_is_the_same(tmp_path):
    size = ["--people", "40", "--needs", "9", "--seats", "1-4", "--capacity", "1-2", "--seed", "3"]
    folder, columns = tmp_path / "folder", tmp_path / "new" / "market.npz"
    assert run("--out", str(folder), *size).exit_code == 0
    done = run("--out", str(columns), "--format", "npz", *size)
    assert done.exit_code == 0, done.output
    assert "40 professionals, 9 needs" in done.output
    assert Market.read(columns) == Market.read(folder)


def test_a_large_size_that_cannot_be_is_wrong_usage(tmp_path):
    for wrong in (["--seats", "6-2"], ["--seats", "x"], ["--capacity", "1-99"], ["--format", "x"]):
        assert run("--out", str(tmp_path / "m.npz"), "--people", "5", *wrong).exit_code == 2
    assert run("--out", str(tmp_path / "m"), "--people", "5", "--format", "npz").exit_code == 2
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--people", "10", "--groups", "5"), "--groups does not go with --people"),
        (("--people", "10", "--employers", "36"), "--employers does not go with --people"),
        (("--seats", "1-2"), "--seats needs --people"),
        (("--format", "npz"), "--format needs --people"),
    ],
)
def test_options_that_do_not_go_together_are_wrong_usage(tmp_path, given, said):
    done = run("--out", str(tmp_path / "m"), *given)
    assert (done.exit_code, said in done.output) == (2, True)
    assert not list(tmp_path.iterdir())


def test_an_interrupted_folder_leaves_what_was_there(tmp_path):
    def interrupted():
        yield ["g1", "会", "npo", "", (), None, None]
        raise KeyboardInterrupt

    one_pair().write(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(KeyboardInterrupt):
        write_folder({"groups": interrupted()}, tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
