namespace MnistMlNet.Mpi.Tests;

/// <summary>Two hosts in network namespaces, where the system permits them; otherwise this machine alone.</summary>
public sealed class Hosts : IDisposable
{
    private static int s_count;

    public Hosts()
    {
        string name = $"m{Environment.ProcessId}{(char)('a' + Interlocked.Increment(ref s_count))}";
        if (Command.Run(Command.Script("hosts.sh"), "up", name) == 0)
        {
            Name = name;
        }
        else
        {
            Command.Run(Command.Script("hosts.sh"), "down", name);
        }
    }

    /// <summary>Gets the name that the scripts know them by; null where there is one host only.</summary>
    public string? Name { get; }

    /// <summary>Pulls the cable out of the second host.</summary>
    public void Cut() => Assert.Equal(0, Command.Run(Command.Script("hosts.sh"), "cut", Name!));

    public void Dispose()
    {
        if (Name is not null)
        {
            Command.Run(Command.Script("hosts.sh"), "down", Name);
        }
    }
}
