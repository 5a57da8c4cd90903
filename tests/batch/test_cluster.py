"""A Dask cluster makes the same reports, and outlives one of its workers."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import psutil
import pytest

import perfkit
from perfkit.errors import SettingsError
from tests.batch.light import add_project, make_workspace, outcomes

COUNT = 12


def certificate(folder):
    """Make a certificate for this machine that signs itself; give the configuration that names it, in Dask's words."""
    import datetime as dt
    import ipaddress

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    begun = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    signed = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(begun).not_valid_after(begun + dt.timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, hashes.SHA256())
    )  # fmt: skip
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(private)
    (folder / "cert.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    cert, secret = str(folder / "cert.pem"), str(folder / "key.pem")
    return {f"distributed.comm.tls.{key}": value for key, value in
            {"ca-file": cert, "client.cert": cert, "client.key": secret}.items()}  # fmt: skip


@pytest.fixture
def cluster(tmp_path, request):
    """A scheduler and two workers on loopback, each a process of its own; over TLS where it is asked for."""
    import dask
    from distributed import Client

    (tmp_path / "temporary").mkdir()
    secured = getattr(request, "param", "tcp") == "tls"
    settings = certificate(tmp_path) if secured else {}
    files = ["--tls-ca-file", str(tmp_path / "cert.pem"), "--tls-cert", str(tmp_path / "cert.pem"), "--tls-key", str(tmp_path / "key.pem")] if secured else []  # fmt: skip

    def start(*arguments):
        return subprocess.Popen([sys.executable, "-m", "dask", *arguments, *files], cwd=tmp_path,
                                env=os.environ | {"TMPDIR": str(tmp_path / "temporary")},
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip

    address_file = tmp_path / "scheduler.json"
    scheduler = start(
        "scheduler",
        "--host",
        "tls://127.0.0.1" if secured else "127.0.0.1",
        "--port",
        "0",
        "--no-dashboard",
        "--scheduler-file",
        str(address_file),
    )
    workers = [
        start("worker", "--scheduler-file", str(address_file), "--nthreads", "1", "--no-dashboard", "--no-nanny",
              *(() if secured else ("--host", "127.0.0.1")), "--local-directory", str(tmp_path / f"w{number}"))
        for number in range(2)
    ]  # fmt: skip
    while not address_file.exists():
        time.sleep(0.05)
    with dask.config.set(settings):
        with Client(scheduler_file=str(address_file), set_as_default=False) as client:
            client.wait_for_workers(2, timeout=120)
            address = client.scheduler.address
        yield address, workers
    for process in (*workers, scheduler):
        for child in psutil.Process(process.pid).children(recursive=True) if process.poll() is None else ():
            child.kill()
        process.kill()
        process.wait()


def test_one_worker_killed_in_the_middle_and_all_reports_made_once(cluster, tmp_path, monkeypatch):
    address, workers = cluster
    workspace = make_workspace(tmp_path / "office")
    for number in range(COUNT):
        add_project(workspace, f"p{number:02}", mode="error" if number == 3 else "")
    monkeypatch.chdir(workspace)
    heard = []

    def on_line(line):
        heard.append(line["name"])
        if len(heard) == 3:
            workers[0].kill()

    run = perfkit.report("params", to=["html"], cluster=address, progress=on_line)
    assert (len(run.made), [line["name"] for line in run.failed]) == (COUNT - 1, ["p03"])
    assert (
        sorted(heard)
        == sorted({line["name"] for line in outcomes(workspace / "reports")})
        == sorted(set(heard))
    )
    for line in run.made:
        assert (workspace / "reports" / f"{line['name']}.html").stat().st_size > 500
    assert (workspace / "reports/p03.failed.ipynb").exists()
    left = (tmp_path / "temporary").glob("perfkit-*")
    assert not [folder for folder in left if not (folder / "socket").exists()]  # but for the other's server
    assert len(perfkit.report("params", to=["html"], jobs=1).skipped) == COUNT - 1


def test_an_address_where_no_cluster_is(tmp_path, monkeypatch, capsys):
    workspace = make_workspace(tmp_path)
    add_project(workspace, "a")
    monkeypatch.chdir(workspace)
    monkeypatch.setattr("perfkit.batch.workers.CONNECT", 1)
    with pytest.raises(SettingsError, match="no cluster"):
        perfkit.report("params", cluster="tcp://127.0.0.1:9", progress=True)
    assert "waiting for the cluster tcp://127.0.0.1:9, 1 s at most" in capsys.readouterr().err


@pytest.mark.parametrize("cluster", ["tls"], indirect=True)
def test_a_cluster_over_tls_makes_reports_for_whoever_has_its_certificate(cluster, tmp_path, monkeypatch):
    import dask

    address, _ = cluster
    assert address.startswith("tls://")
    workspace = make_workspace(tmp_path)
    add_project(workspace, "a")
    monkeypatch.chdir(workspace)
    assert [line["name"] for line in perfkit.report("params", to=["html"], cluster=address).made] == ["a"]
    monkeypatch.setattr("perfkit.batch.workers.CONNECT", 2)
    with pytest.raises(SettingsError, match="no cluster"):
        perfkit.report("params", cluster=address.replace("tls://", "tcp://"))
    (tmp_path / "other").mkdir()
    with dask.config.set(certificate(tmp_path / "other")), pytest.raises(SettingsError, match="no cluster"):
        perfkit.report("params", cluster=address)


def test_a_tls_address_without_a_certificate_is_told(tmp_path, monkeypatch):
    import dask

    workspace = make_workspace(tmp_path)
    add_project(workspace, "a")
    monkeypatch.chdir(workspace)
    with pytest.raises(SettingsError, match=r"certificate") as told:
        perfkit.report("params", cluster="tls://127.0.0.1:9")
    assert "DASK_DISTRIBUTED__COMM__TLS__" in str(told.value)
    lost = {"distributed.comm.tls.ca-file": "nowhere.pem", "distributed.comm.tls.client.cert": "nowhere.pem"}
    with dask.config.set(lost), pytest.raises(SettingsError, match="no cluster"):
        perfkit.report("params", cluster="tls://127.0.0.1:9")
