"""Small notebooks, one for each kind of thing a cell can do; each is a list of cells.

A cell is its source, or (source, tags). They run under nbclient with a real kernel and under the engine,
and must come out the same.
"""

# Cells of several lines are written as lines that join.
# ruff: noqa: ISC004

from __future__ import annotations

OWN_PACE = frozenset({"bash", "bash that fails", "script magics", "os.system and subprocess", "processes"})
KINDS: dict[str, list[str | tuple[str, list[str]]]] = {
    "print": ["print('你好, world')", "print('a', end=''); print('b')"],
    "execute result and its number": ["1 + 1", "x = 3", "x * 2", "_"],
    "nothing at the end": ["None", "x = 1;", "5;"],
    "streams side by side": [
        "import sys\nprint('out 1'); print('err 1', file=sys.stderr); print('out 2'); print('err 2', file=sys.stderr)",
    ],
    "streams around a display": [
        "import sys\nprint('a'); print('b', file=sys.stderr); display('c'); print('d'); display('e'); 'f'",
    ],
    "streams in time": [
        "import sys, time\nprint('1'); time.sleep(.5); print('2', file=sys.stderr); time.sleep(.5); print('3')",
    ],
    "display of several": ["display(1, 'zwei', [3])", "for i in range(3): display(i)"],
    "rich display": [
        "from IPython.display import HTML, Image, Latex, Markdown, SVG, JSON, Javascript, Pretty, Math, Code",
        "display(HTML('<b>fett</b>'), Markdown('*kursiv*'), Latex('$x^2$'), Math('y'), Pretty('p'))",
        "SVG('<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\"/>')",
        "display(JSON({'a': [1, 2.5, None]})); Javascript('1')",
        "Image(data=b'\\x89PNG\\r\\n\\x1a\\n' + b'0' * 40, format='png')",
        "Code('x = 1', language='python')",
    ],
    "own representations": [
        "class R:\n    def _repr_html_(self): return '<i>r</i>'\n    def _repr_latex_(self): return '$r$'\n"
        "    def __repr__(self): return 'R()'",
        "R()",
        "class M:\n    def _repr_mimebundle_(self, include=None, exclude=None):\n"
        "        return {'text/plain': 'm', 'application/json': {'a': 1}}, {'application/json': {'expanded': True}}",
        "M()",
        "class B:\n    def _repr_html_(self): raise ValueError('broken')\n    def __repr__(self): return 'B()'",
        "B()",
    ],
    "display by id, updated": [
        "h = display('first', display_id='one')",
        "from IPython.display import update_display\nupdate_display('second', display_id='one')",
        "display('third', display_id='one')",
        "h.update({'now': 'fourth'})\nprint(h.display_id)",
    ],
    "raw display": ["display({'text/plain': 'p', 'text/html': '<u>h</u>'}, raw=True, metadata={'text/html': {'a': 1}})"],
    "clear output": ["from IPython.display import clear_output\nprint('gone'); clear_output(); print('stays')"],
    "clear output, waiting": [
        "from IPython.display import clear_output\nfor i in range(4):\n    clear_output(wait=True); print(i); display(i)",
        "print('stays'); clear_output(wait=True)",
    ],
    "clear output with display ids": [
        "from IPython.display import clear_output\nh = display('x', display_id=True); clear_output(); h.update('y')",
        "h2 = display('x', display_id='k'); display('z', display_id='k')",
    ],
    "an exception": ["def f():\n    return 1 / 0", "print('before')\nf()", "print('never')"],
    "an exception in nested functions": [
        "def outer(x):\n    def inner(y):\n        raise KeyError(f'钥匙 {x}{y}')\n    return inner(2)\nouter(1)"
    ],
    "a chain of exceptions": [
        "try:\n    int('x')\nexcept ValueError as e:\n    raise RuntimeError('多个\\nlines') from e",
    ],
    "an exception group": ["raise ExceptionGroup('g', [ValueError(1), TypeError('t')])"],
    "a syntax error": ["x = 1", "def f(:\n    pass"],
    "an own exception": [
        "class Mine(Exception):\n    def __str__(self): return 'mine'\n    def _render_traceback_(self):"
        " return ['no', 'traceback']",
        "raise Mine",
    ],
    "an expected exception": [("print('x'); 1/0", ["raises-exception"]), "print('goes on')"],
    "an assertion without text": ["assert 1 == 2"],
    "a skipped cell": [("1/0", ["skip-execution"]), "2"],
    "empty cells and white space": ["", "   \n", "# only a comment", "3"],
    "line magics": ["%pwd\n1", "%config InlineBackend.figure_formats", "%who_ls"],
    "time magics": ["%time x = 1", "%%time\ny = 2\ny", "%timeit -n1 -r1 -q pass"],
    "capture": ["%%capture cap\nprint('held'); display(1); 1+1", "print(cap.stdout, len(cap.outputs))", "cap.show()"],
    "bash": ["%%bash\necho out; echo err >&2; echo ${BASH:+yes}", "%%bash --out text\necho in a variable", "text"],
    "bash that fails": ["%%bash\necho before\nexit 3"],
    "script magics": ["%%sh\nprintf 'no newline'", "%%python\nprint(6 * 7)", "%%script cat\nthrough cat"],
    "shell commands": ["!echo one; echo two", "files = !printf 'a\\nb\\n'", "files", "!exit 4", "_exit_code"],
    "os.system and subprocess": [  # a real kernel drops what it has not read when the cell ends: it is given time
        "import os, subprocess, sys, time\n"
        "os.system('echo from the shell'); print('and python', file=sys.stderr); time.sleep(.5)",
        "subprocess.run(['echo', 'child'], check=True); time.sleep(.5); 'done'",
        "subprocess.run([sys.executable, '-c', 'import sys; sys.stderr.write(\"bad\\\\n\")']); time.sleep(.5)",
        "os.write(1, b'by the file descriptor\\n'); time.sleep(.5)",
    ],
    "await": [
        "import asyncio\nasync def f(x):\n    await asyncio.sleep(0)\n    return x + 1",
        "await f(1)",
        "print(await asyncio.gather(f(1), f(2)))",
        "async with asyncio.Lock(): print('locked')",
        "await f('x')",
    ],
    "tasks between cells": [
        "import asyncio\nseen = []\nasync def tick():\n    for i in range(3):\n        seen.append(i)\n"
        "        await asyncio.sleep(0)\ntask = asyncio.create_task(tick())",
        "await task\nseen",
        "asyncio.run(tick())",
    ],
    "input is refused": ["input('name? ')"],
    "getpass is refused": ["import getpass\ngetpass.getpass()"],
    "system exit": ["print('x')\nimport sys\nsys.exit(0)", "print('never')"],
    "system exit with a status": ["import sys\nsys.exit('no more')"],
    "exit": ["print('last words')", "exit"],  # a tenth of a second later the kernel stops, so no cell may follow
    "quit, called": ["print('last words')", "quit()"],
    "keyboard interrupt": ["raise KeyboardInterrupt", "1"],
    "threads": [
        "import threading\ndef say(n): print('thread', n)\nts = [threading.Thread(target=say, args=(n,)) for n in range(3)]\n"
        "for t in ts: t.start(); t.join()",
        "t = threading.Thread(target=lambda: 1/0, name='T'); t.excepthook = None\n"
        "threading.excepthook = lambda a: print('in', a.thread.name, a.exc_type)\nt.start(); t.join()",
        "t = threading.Thread(target=lambda: display('from a thread')); t.start(); t.join()",
    ],
    "logging and warnings": [
        "import logging\nlogging.warning('careful')\nlogging.getLogger('a').error('出错 %s', 1)",
        "import warnings\nwarnings.warn('mind the gap')",
        "warnings.warn('old', DeprecationWarning)",
        "logging.getLogger().handlers",
    ],
    "stdout and its attributes": [
        "import sys\nprint(type(sys.stdout).__mro__[-3:], sys.stdout.isatty(), sys.stdout.encoding, sys.stdout.name)",
        "print('x', file=sys.__stdout__)",
        "sys.stdout.write('abc')",
        "sys.stdout.writelines(['a\\n', 'b\\n'])",
        "print(sys.stdout)",
    ],
    "redirected streams": [
        "import io, contextlib\nb = io.StringIO()\nwith contextlib.redirect_stdout(b): print('inside')\nb.getvalue()",
    ],
    "figures": [
        "import matplotlib.pyplot as plt\nplt.plot([1, 2, 3])",
        "fig, ax = plt.subplots(figsize=(2, 1)); ax.bar(['a'], [1]); plt.show(); print('after')",
        "plt.rcParams['figure.dpi'], plt.get_backend()",
        "fig",
        "plt.figure(figsize=(1, 1)); plt.plot([1]); plt.figure(figsize=(1, 1)); plt.plot([2]); 'last'",
        "plt.close('all')",
    ],
    "figures by magic": [
        "%matplotlib inline\n%config InlineBackend.figure_formats = ['svg']",
        "import matplotlib\nmatplotlib.rcParams['svg.hashsalt'] = 'x'\nimport matplotlib.pyplot as plt\n"
        "plt.figure(figsize=(1, 1)); plt.axis('off'); plt.plot([1, 2]); print(matplotlib.get_backend())",
    ],
    "an exception with a figure open": [
        "import matplotlib.pyplot as plt\nplt.figure(figsize=(1, 1)); plt.plot([1])\nraise ValueError('after plotting')",
    ],
    "pandas": [
        "import pandas as pd\ndf = pd.DataFrame({'项目': ['a', 'b'], 'n': [1, None]})\ndf",
        "df['n']",
        "df.style.format(precision=1).set_uuid('u')",
        "display(df.head(1)); print(df.to_string())",
        "pd.DataFrame({'x': range(100)})",
    ],
    "numpy and its seeds": [
        "import numpy as np, random\nnp.random.seed(1); random.seed(1)\nnp.random.rand(2), random.random()",
        "np.arange(5)", "np.array([[1., 2.], [3., 4.]])",
    ],
    "classes and functions of the notebook": [
        "import pickle\nclass P:\n    def __init__(self, x): self.x = x\ndef double(p): return p.x * 2",
        "pickle.loads(pickle.dumps(P(4))).x, double(P(4)), P.__module__, __name__",
        "import sys\nsys.modules['__main__'].double is double, '__file__' in globals()",
        "import inspect\nprint(inspect.getsource(double))",
    ],
    "processes": [
        "import multiprocessing as mp\nctx = mp.get_context('fork')\ndef square(x): return x * x\n"
        "with ctx.Pool(2) as pool: print(pool.map(square, range(4)))",
        "p = ctx.Process(target=print, args=('from a child',)); p.start(); p.join(); p.exitcode",
        "from concurrent.futures import ProcessPoolExecutor\n"
        "with ProcessPoolExecutor(1, mp_context=ctx) as ex: print(ex.submit(square, 5).result())",
    ],
    "a fork of the cell's own": [
        "import os\npid = os.fork()\nif pid == 0:\n    print('child'); import sys; sys.stdout.flush(); os._exit(0)\n"
        "os.waitpid(pid, 0)[1]",
    ],
    "widgets": [
        "import ipywidgets as w\ns = w.IntSlider(value=3)\ns",
        "s.value = 5\nw.HBox([w.Label('l'), w.Text('t')])",
        "out = w.Output()\nout",
        "with out:\n    print('captured'); display(1)",
        "out.clear_output()\nwith out: print('again')",
    ],
    "interact": ["from ipywidgets import interact\n@interact(x=2)\ndef f(x): print('x is', x)"],
    "tqdm-like progress": [
        "import sys\nfor i in range(3): sys.stderr.write(f'\\r{i}/3')\nsys.stderr.write('\\n'); None",
    ],
    "unicode": ["print('镕喆堃玥 🀄 \\u202e \\x1b[31mred\\x1b[0m')", "'é' * 3", "变量 = '值'\n变量"],
    "a lone surrogate": ["'\\ud800'", "print(repr('\\ud800'))"],
    "much output": ["print('x' * 300_000)", "for i in range(3000): print(i)", "list(range(3000))", "'y' * 100_000"],
    "many displays": ["for i in range(200): display(i)"],
    "numbers out of the ordinary": [
        "float('nan'), float('inf')",
        "1e400",
        "from decimal import Decimal\nDecimal('96.90')",
    ],
    "history and its variables": ["a = 1\na", "In[1], Out[1], _i", "%history", "_ih[-1], _oh"],
    "extensions": ["%load_ext autoreload\n%autoreload 2", "%reload_ext autoreload", "%load_ext nosuchthing"],
    "unknown magics": ["%nosuchmagic", "never = 1"],
    "unknown cell magics": ["%%nosuchmagic\nx"],
    "help": ["len?", "def f(x):\n    'Doc.'\nf?", "?str.join"],
    "what a terminal would be told": [
        "import os\n{name: os.environ.get(name) for name in ('TERM', 'PAGER', 'GIT_PAGER', 'CLICOLOR', 'FORCE_COLOR')}",
    ],
    "a breakpoint left in": ["breakpoint()", "2"],
    "a name deleted with all its traces": ["x = 1\n%xdel x", "never = 1"],
    "formatters of the notebook's own": [
        "class A: pass\nhtml = get_ipython().display_formatter.formatters['text/html']\n"
        "html.for_type(A, lambda a: '<b>A</b>'); None",
        "A()",
        "%precision 3\n3.14159265",
    ],
    "words after the cell has ended": [
        "import asyncio, threading, time\ndef late():\n    time.sleep(.3); print('late')\n"
        "t = threading.Thread(target=late); t.start()",
        "time.sleep(.6); print('mine')",
        "async def later():\n    await asyncio.sleep(.2); print('later')\ntask = asyncio.create_task(later())",
        "await asyncio.sleep(.5); print('mine')",
    ],
    "a channel to the page": [
        "from comm import create_comm\nc = create_comm(target_name='x', data={'a': 1})\nc.send({'b': 2}); c.close()",
    ],
    "a signal of the cell's own": [
        "import signal, time\ndef ring(*_): raise TimeoutError('alarm')\nsignal.signal(signal.SIGALRM, ring)\n"
        "signal.setitimer(signal.ITIMER_REAL, .1)\ntime.sleep(5)",
    ],
    "environment variables": ["import os\nos.environ.get('MPLBACKEND'), 'JPY_PARENT_PID' in os.environ", "%env X=1",
                              "!echo $X"],
    "where it runs": ["import os, sys\nsys.path[0], sys.argv[1:] == [] or sys.argv[1][:1], os.getcwd() == os.path.abspath('.')"],
    "get_ipython": [
        "ip = get_ipython()\ntype(ip).__name__, ip.execution_count, 'IPKernelApp' in ip.config",
        "ip.run_cell('print(1)'); None",
        "ip.system('echo by the shell')",
        "ip.user_ns['x'] = 1\nx",
        "ip.run_line_magic('pylab', 'inline --no-import-all')",
    ],
    "hooks of the shell": [
        "ip = get_ipython()\nip.events.register('post_run_cell', lambda r: print('after', r.success))",
        "1",
        "ip.set_custom_exc((ZeroDivisionError,), lambda s, t, v, tb, tb_offset=None: print('custom', v))\n1/0",
        "2",
    ],
    "interactivity": [
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "InteractiveShell.ast_node_interactivity = 'all'",
        "1\n'two'\n3",
    ],
    "at exit": ["import atexit, pathlib\natexit.register(lambda: None)", "1"],
    "time and dates": ["import datetime\ndatetime.date(2022, 12, 31)", "datetime.timedelta(days=1)"],
    "generators and comprehension": ["[x for x in range(5) if x % 2]", "sum(x for x in range(10))", "{1: 2, **{3: 4}}"],
    "files": ["import tempfile, pathlib\nd = tempfile.TemporaryDirectory()\np = pathlib.Path(d.name) / 'f.txt'\n"
              "p.write_text('t')", "p.read_text()", "d.cleanup()"],
    "writefile": ["import tempfile\nf = tempfile.mktemp()", "%%writefile $f\nx = 42", "%run $f\nx"],
    "macros and recall": ["x = 6", "x * 7", "%macro m 1", "x"],
    "debugging a failure": ["%xmode Minimal\n1/0", "1"],
    "comparison of plain text": ["import pprint\npprint.pprint({i: 'x' * 30 for i in range(4)})", "{i: 'x' * 30 for i in range(4)}"],
    "context variables": [
        "import contextvars\nv = contextvars.ContextVar('v', default=0)\nv.set(1); v.get()", "v.get()",
    ],
    "a closed stdout": ["import sys\nprint('x')\nold = sys.stdout\nimport io\nsys.stdout = io.StringIO()\nprint('lost')",
                        "sys.stdout = old\nprint('back')"],
    "html of a result object": [
        "import perfkit\nfrom perfkit.form import Form\nprint(perfkit.__version__)\nForm.__name__",
    ],
    "a frame wider than a page": [
        "import pandas as pd\npd.DataFrame({f'c{i}': [i] for i in range(30)})", "pd.options.display.max_columns",
    ],
    "a prompt of click's": ["import click\nclick.secho('x', fg='red')\nclick.prompt('name')"],
    "numbers that JSON has not": [
        "display({'application/json': {'a': [float('nan'), float('inf'), 2**70, None]}, 'text/plain': 'x'}, raw=True)",
        "from IPython.display import JSON\nJSON({'a': float('nan')})",
    ],
    "objects that JSON has not": [
        "import numpy as np\ndisplay({'application/json': {'a': np.arange(3)}, 'text/plain': 'x'}, raw=True)",
    ],
    "keys that JSON has not": [
        "display({'application/json': {1: 2}, 'text/plain': 'x'}, raw=True, metadata={1: 2})",
    ],
    "a display in a fork of the cell's own": [
        "import os\npid = os.fork()\nif pid == 0:\n    display('child'); os._exit(0)\nos.waitpid(pid, 0)[1]",
        "pid = os.fork()\nif pid == 0:\n    print('child', flush=True); display('then'); os._exit(0)\nos.waitpid(pid, 0)[1]",
    ],
    "stdout closed for good": ["import sys\nprint('x'); sys.stdout.close()\nprint('y')", "1"],
    "what the kernel says of itself": [
        "ip = get_ipython()\nip.kernel, ip.kernel.implementation, ip.kernel.language_info['name'], ip.parent.name",
        "%config", "import os\nos.environ.get('PYDEVD_USE_FRAME_EVAL')",
        "import logging\nlogging.getLogger('tornado').handlers",
    ],
    "output widgets within each other": [
        "import ipywidgets as w\na, b = w.Output(), w.Output()\ndisplay(a, b)\n"
        "with a:\n    print('a')\n    with b: print('b')\n    print('a')",
        "@a.capture(clear_output=True, wait=True)\ndef f(x): print('x', x); display(x)\nf(1); f(2)",
        "with b: h = display('one', display_id='q')", "h.update('two')", "a.append_stdout('s'); a.outputs",
        "with b: 1/0",
    ],
    "linked widgets": [
        "import ipywidgets as w\na, b = w.IntSlider(), w.IntText()\nl = w.link((a, 'value'), (b, 'value'))\na.value = 4; b.value",
        "w.Image(value=bytes(range(256)), format='png')",
        "o = w.interactive_output(lambda v: print('v', v), {'v': a}); display(o); a.value = 7",
    ],
    "binary buffers to the page": [
        "from ipykernel.comm import Comm\nc = Comm(target_name='t', data={'a': 1}, buffers=[b'abc', memoryview(b'd')])\n"
        "c.send({'x': 1}, buffers=[b'z']); c.close()",
    ],
    "rich": [
        "from rich.table import Table\nt = Table('a'); t.add_row('1'); t", "from rich import print as p\np('[bold]hi[/bold]')",
    ],
    "bars drawn over": [
        "import sys\nfor i in range(5): sys.stdout.write(f'\\r{i * 20}%'); sys.stdout.flush()\nprint('\\rab\\b\\bx')",
    ],
    "asyncio in many ways": [
        "async def g():\n    for i in range(3): yield i\nasync for i in g(): print(i)", "[x async for x in g()]",
        "import asyncio\nasync with asyncio.TaskGroup() as tg: a = tg.create_task(asyncio.sleep(0, 5))\na.result()",
        "p = await asyncio.create_subprocess_exec('echo', 'hi', stdout=-1)\n(await p.communicate())[0]",
        "asyncio.get_event_loop().call_later(.05, print, 'called'); await asyncio.sleep(.2)",
    ],
    "the file descriptors moved": [
        "import os, time\ns = os.dup(1); r, w = os.pipe(); os.dup2(w, 1); os.system('echo held'); os.dup2(s, 1); os.close(w)\n"
        "os.read(r, 100)", "os.system('echo after'); time.sleep(.4)",
    ],
    "printf of the C library": [
        "import ctypes, time\nc = ctypes.CDLL(None); c.puts(b'from C'); c.fflush(None); time.sleep(.4)",
    ],
    "a shell asked in many ways": [
        "x = !seq 1 50\nlen(x), x.n[:5], x.s[:5]", "%sx echo a", "a = 'v'\n!echo {a} $a", "_exit_code",
        "%alias hey echo hey %s", "hey you",
    ],
    "places and variables": ["%cd /", "%pwd", "%cd -q -", "%env A=b", "%env A", "%set_env B {1 + 1}", "!echo $A$B"],
    "events of the shell": [
        "ip = get_ipython()\nfor e in ('pre_execute', 'pre_run_cell', 'post_execute', 'post_run_cell'):\n"
        "    ip.events.register(e, lambda *a, e=e: print(e, [type(x).__name__ for x in a]))", "1",
        "def bad(*_): raise ValueError('mine')\nip.events.register('post_execute', bad)", "2",
    ],
    "sources changed on their way": [
        "ip = get_ipython()\nip.input_transformers_post.append(lambda ls: [l.replace('XX', '1') for l in ls])", "XX + 1",
        ">>> 3", "import ast\nclass T(ast.NodeTransformer):\n    def visit_Constant(s, n): return ast.Constant(n.value * 2)\n"
        "ip.ast_transformers.append(T())", "5",
    ],
    "hooks of the display": [
        "p = get_ipython().display_pub\np.register_hook(lambda m: m['content']['data'].update({'text/plain': 'hooked'}) or m)",
        "display(1)", "import sys\nold, sys.displayhook = sys.displayhook, lambda v: print('shown', v)", "5",
        "sys.displayhook = old", "6",
    ],
    "representations out of the ordinary": [
        "class A:\n    def _repr_html_(self): return None\n    def _repr_png_(self): return b'png', {'width': 3}\nA()",
        "class B:\n    def _ipython_display_(self): print('shown'); display('inner')\nB()",
        "class C:\n    def __getattr__(self, name): return lambda *a, **k: 'any'\nC()",
        "class D:\n    def _repr_html_(self): return 5\nD()",
    ],
    "payloads of the pager": ["len??", "get_ipython().set_next_input('x')", "%pinfo len", "*len*?", "nosuch?"],
    "the page's own languages": [
        "%%html\n<b>x</b>", "%%javascript\nalert(1)", "%%latex\n$x$", "%%markdown\n# x", "%%svg\n<svg/>", "%%html --isolated\n<i>y</i>",
    ],
    "a script without its program": ["%%script nosuchprogram\nx"],
    "a traceback in every mode": [
        ("%xmode Plain\ndef f(x): 1/0\nf(1)", ["raises-exception"]), ("%xmode Verbose\nf(2)", ["raises-exception"]), "%tb",
        ("%xmode Context\nf(3)", ["raises-exception"]), "import sys\nsys.last_type",
    ],
    "an exception with notes": [
        "class E(Exception): pass\ntry:\n    try: 1/0\n    except ZeroDivisionError: raise E('b') from None\n"
        "except E as e:\n    e.add_note('备注')\n    raise",
    ],
    "an exception that cannot be printed": ["class E(Exception):\n    def __str__(self): raise ValueError('no str')\nraise E"],
    "an exception of odd characters": ["raise SystemError('\\x1b[31mred <b>\\0\\udc80')"],
    "kinds of syntax errors": [
        ("x = 'abc\ny = 2", ["raises-exception"]), ("if True:\n    x = 1\n  y = 2", ["raises-exception"]),
        ("eval('1 +')", ["raises-exception"]), ("return 5", ["raises-exception"]), ("print('a'", ["raises-exception"]),
    ],
    "a finalizer that fails": ["class D:\n    def __del__(self): raise ValueError('late')\nd = D(); del d"],
    "types and their hints": [
        "import dataclasses, pickle, typing\n@dataclasses.dataclass\nclass D:\n    x: 'int' = 1\n    y: typing.Optional['D'] = None\n"
        "typing.get_type_hints(D), pickle.loads(pickle.dumps(D(2)))", "import __main__\n__main__.z = 3\nz",
        "pickle.dumps(lambda: 1)",
    ],
    "doctests": ["def f(x):\n    '''\n    >>> f(1)\n    3\n    '''\n    return 2 * x\nimport doctest\ndoctest.testmod()"],
    "figures left open": [
        "%config InlineBackend.close_figures = False\nimport matplotlib.pyplot as plt\nf = plt.figure(figsize=(1, 1)); plt.plot([1]);",
        "plt.plot([2, 1]);", "plt.get_fignums()",
    ],
    "figures in a loop": [
        "import matplotlib.pyplot as plt\nfor i in range(2):\n    print(i); plt.figure(figsize=(1, 1)); plt.plot([i]); plt.show()",
        "from IPython.display import clear_output\nfig, ax = plt.subplots(figsize=(1, 1))\n"
        "for i in range(2): ax.clear(); ax.plot([i]); clear_output(wait=True); display(fig)\nplt.close(fig)",
        "h = display(display_id=True); h.update(plt.figure(figsize=(1, 1))); plt.close('all')",
    ],
}  # fmt: skip

ENDS = frozenset(  # the kinds after which nothing may follow: an error stops the notebook, or the kernel ends
    {
        "own representations", "an exception", "an exception in nested functions", "a chain of exceptions",
        "an exception group", "a syntax error", "an own exception", "an assertion without text", "line magics",
        "bash that fails", "await", "tasks between cells", "input is refused", "getpass is refused", "system exit",
        "system exit with a status", "keyboard interrupt", "an exception with a figure open", "extensions",
        "a name deleted with all its traces", "a signal of the cell's own",
        "unknown magics", "unknown cell magics", "hooks of the shell", "debugging a failure", "exit", "quit, called",
        "a prompt of click's", "objects that JSON has not", "output widgets within each other",
        "a script without its program", "an exception with notes", "an exception that cannot be printed",
        "an exception of odd characters", "types and their hints", "the file descriptors moved",
        "payloads of the pager", "events of the shell", "sources changed on their way", "hooks of the display",
    }
)  # fmt: skip


def notebooks() -> dict[str, list]:
    """Put two kinds into each notebook, the one that ends it last: a kernel's start is what a test pays for."""
    going, ending = [kind for kind in KINDS if kind not in ENDS], [kind for kind in KINDS if kind in ENDS]
    spare = going[len(ending) :]
    pairs = [*zip(going, ending, strict=False), *zip(spare[::2], [*spare[1::2], None], strict=False)]
    return {f"{one}; {two}": [*KINDS[one], *KINDS.get(two, [])] for one, two in pairs}
