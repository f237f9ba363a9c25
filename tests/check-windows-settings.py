#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""katop.exe --settings under Wine: the registry's values, set, odd and unset."""

import json

from wine import TCPIP, Wine, has, same


def settings(wine):
    whole = json.loads(wine.katop("--settings", "--json"))
    values = {p["key"]: p.get("value_ms", p.get("value")) for p in whole["parameters"]}
    return whole, values


def check_unset(wine):
    whole, values = settings(wine)
    same("what is not set", values, {"keepalive_time": 7200000, "keepalive_intvl": 1000,
                                     "keepalive_probes": 10, "retries2": 5})
    same("windows", whole["system"]["windows"], True)
    has("the access", whole["access"]["connections"], "GetExtendedTcpTable")
    has("the access", whole["access"]["settings"], "Windows tells")
    has("the access", whole["access"]["privileges"], "elevated")
    text = wine.katop("--settings")
    has("--settings", text, "KeepAliveTime = 7200000 ms (2 h)", "1 to 4294967295 ms",
        "reg add", "SIO_KEEPALIVE_VALS", "TCP_KEEPIDLE", "netsh", TCPIP + r"\KeepAliveTime")


def check_set(wine):
    for name, number in (("KeepAliveTime", 300000), ("KeepAliveInterval", 2000),
                         ("TcpMaxDataRetransmissions", 7)):
        wine.set_registry(name, number)
    same("what is set", settings(wine)[1], {"keepalive_time": 300000, "keepalive_intvl": 2000,
                                            "keepalive_probes": 10, "retries2": 7})
    has("--settings", wine.katop("--settings"), "KeepAliveTime = 300000 ms",
        "default       7200000 ms")
    same("in a sample", wine.sample()["system"]["keepalive_time_ms"], 300000)


def check_odd(wine):
    """What Windows does not take counts as not set."""
    wine.set_registry("KeepAliveTime", 4294967295)
    same("the largest", settings(wine)[1]["keepalive_time"], 4294967295)
    wine.set_registry("KeepAliveTime", 0)
    same("too small", settings(wine)[1]["keepalive_time"], 7200000)
    wine.run("reg", "add", TCPIP, "/v", "KeepAliveTime", "/t", "REG_SZ", "/d",
             "a text that is longer than a number", "/f")
    same("a text", settings(wine)[1]["keepalive_time"], 7200000)
    wine.run("reg", "delete", TCPIP, "/v", "KeepAliveTime", "/f")
    same("deleted", settings(wine)[1]["keepalive_time"], 7200000)


def main():
    wine = Wine()
    check_unset(wine)
    check_set(wine)
    check_odd(wine)


if __name__ == "__main__":
    main()
