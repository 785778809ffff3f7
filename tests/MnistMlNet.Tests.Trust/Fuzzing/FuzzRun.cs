using System.Diagnostics;

namespace MnistMlNet.Tests.Trust.Fuzzing;

/// <summary>
/// Runs damaged files through a target and judges each: a named exception or a valid model, within the bounds of time and memory.
/// </summary>
internal static class FuzzRun
{
    /// <summary>The maximum memory that opening a file may allocate above the file's size.</summary>
    public const long MaxBytesAboveFile = 64L << 20;

    /// <summary>The maximum time for opening a file; see <see cref="ThreadTime"/>.</summary>
    public static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(1);

    /// <summary>The maximum length of a message: however much of a file it quotes, it must stay readable.</summary>
    public const int MaxMessageLength = 2000;

    /// <summary>A file that takes this long is treated as one that never ends.</summary>
    private static readonly TimeSpan s_hang = TimeSpan.FromSeconds(60);

    private const int MaxFailures = 10;

    /// <param name="firstCase">The first case's number; a case that failed can be run again alone.</param>
    public static FuzzReport Run(IFuzzTarget target, int cases, int seed, int firstCase = 0)
    {
        var state = new State(target);
        var worker = new Thread(() => state.RunAll(cases, seed, firstCase)) { IsBackground = true };
        worker.Start();
        (int lastCase, long since) = (-1, Stopwatch.GetTimestamp());
        while (!worker.Join(TimeSpan.FromMilliseconds(200)))
        {
            if (state.Current != lastCase)
            {
                (lastCase, since) = (state.Current, Stopwatch.GetTimestamp());
            }
            else if (Stopwatch.GetElapsedTime(since) > s_hang)
            {
                throw new TimeoutException(
                    $"{target.Name}, seed {seed}, case {lastCase} has taken {s_hang.TotalSeconds} s and isn't done.");
            }
        }

        return state.Report();
    }

    private sealed class State(IFuzzTarget target)
    {
        private readonly Dictionary<string, int> _refused = [];
        private readonly List<string> _failures = [];
        private int _cases;
        private int _accepted;
        private long _mostBytes;
        private TimeSpan _slowest;
        private volatile int _current;

        public int Current => _current;

        public FuzzReport Report() => new(target.Name, _cases, _accepted, _refused, _mostBytes, _slowest, _failures);

        public void RunAll(int cases, int seed, int firstCase)
        {
            for (int i = firstCase; i < firstCase + cases && _failures.Count < MaxFailures; i++)
            {
                _current = i;
                FuzzCase file = target.Make(new Random(unchecked(seed * 1_000_003 + i)));
                string? failure = RunOne(file);

                // On systems other than Linux the time of other processes counts, too: a file is too slow only if it is too slow each time.
                for (int again = 0; again < 2 && failure == nameof(MaxTime); again++)
                {
                    failure = RunOne(file);
                }

                if (failure is not null)
                {
                    _failures.Add($"{target.Name}, seed {seed}, case {i}: "
                        + $"{(failure == nameof(MaxTime) ? $"takes more than {MaxTime.TotalSeconds} s" : failure)}");
                }

                _cases++;
            }
        }

        /// <summary>The exception that describes the error, which ML.NET wraps in its own.</summary>
        private static Exception Named(Exception exception)
        {
            Exception named = exception;
            while (named is not (InvalidDataException or FormatException) && named.InnerException is { } inner)
            {
                named = inner;
            }

            return named;
        }

        private string? RunOne(FuzzCase file)
        {
            object? opened = null;
            Exception? thrown = null;
            long bytes = GC.GetAllocatedBytesForCurrentThread();
            TimeSpan time = ThreadTime.Now;
            try
            {
                opened = target.Open(file);
            }
            catch (Exception e)
            {
                thrown = e;
            }

            time = ThreadTime.Now - time;
            bytes = GC.GetAllocatedBytesForCurrentThread() - bytes - file.Length;
            _mostBytes = Math.Max(_mostBytes, bytes);
            if (thrown is not null && !target.IsRefusal(thrown))
            {
                return $"isn't refused by name: {thrown}";
            }

            if (thrown is not null && Named(thrown).Message.Length > MaxMessageLength)
            {
                return $"is refused in {Named(thrown).Message.Length} characters: {Named(thrown).Message[..200]}";
            }

            if (bytes > MaxBytesAboveFile)
            {
                return $"allocates {bytes} bytes above its {file.Length}";
            }

            if (time > MaxTime)
            {
                return nameof(MaxTime);
            }

            _slowest = time > _slowest ? time : _slowest;
            if (thrown is not null)
            {
                string name = Named(thrown).GetType().Name;
                _refused[name] = _refused.GetValueOrDefault(name) + 1;
                return null;
            }

            _accepted++;
            try
            {
                target.Inspect(opened!);
                return null;
            }
            catch (Exception e)
            {
                return $"gives a model that can't be used: {e}";
            }
        }
    }
}
