using MnistMlNet.Extensibility;

namespace MnistMlNet.Tests.Extensibility;

/// <summary>The content of a file can't choose which code runs. This is read from the instructions of our own assemblies.</summary>
public sealed class NamedTypeTests
{
    /// <summary>
    /// All members that turn a name, or a file, into an assembly, a type, a member or an object. Deserializers that do so internally are
    /// included.
    /// </summary>
    private static readonly string[] s_byName =
    [
        "System.Type.GetType", "System.Type.ReflectionOnlyGetType", "System.Reflection.Assembly.GetType",
        "System.Reflection.Module.GetType",
        "System.Reflection.Assembly.Load", "System.Reflection.Assembly.LoadFrom", "System.Reflection.Assembly.LoadFile",
        "System.Reflection.Assembly.UnsafeLoadFrom", "System.Reflection.Assembly.LoadWithPartialName",
        "System.Reflection.Assembly.CreateInstance",
        "System.AppDomain.Load", "System.AppDomain.CreateInstance", "System.AppDomain.CreateInstanceFrom",
        "System.AppDomain.ExecuteAssembly",
        "System.Activator.CreateInstance", "System.Activator.CreateInstanceFrom", "System.Reflection.MethodBase.Invoke",
        "System.Type.InvokeMember",
        "System.Type.GetMethod", "System.Type.GetConstructor", "System.Type.MakeGenericType",
        "System.Reflection.MethodInfo.MakeGenericMethod",
        "System.Runtime.InteropServices.NativeLibrary.Load", "System.Runtime.InteropServices.NativeLibrary.TryLoad",
    ];

    private static readonly string[] s_namespacesByName =
    [
        "System.Runtime.Loader.", "System.Runtime.Serialization.", "System.Reflection.Emit.", "System.Xml.Serialization.",
        "System.Text.Json.JsonSerializer.",
        "System.Text.Json.Serialization.", "System.Diagnostics.Process.",
    ];

    [Fact]
    public void Nothing_but_our_own_assembly_by_a_constant_name_is_loaded_or_created_by_name()
    {
        IlCall[] calls = [.. IlCalls.Of(typeof(TwoLayerNetworkTrainer)), .. IlCalls.Of(typeof(LoadableTransformerBase))];

        IlCall[] byName = [.. calls.Where(call =>
            s_byName.Contains(call.Callee) || s_namespacesByName.Any(name => call.Callee.StartsWith(name, StringComparison.Ordinal)))];

        IlCall only = Assert.Single(byName);
        Assert.Equal(
            new IlCall("MnistMlNet.Extensibility.LoadableFormat`1.GetFactory", "System.Reflection.Assembly.Load", AfterConstant: true),
            only);
        Assert.InRange(calls.Length, 1000, int.MaxValue);
    }

    [Fact]
    public void The_scan_sees_a_type_that_is_named_by_a_variable()
    {
        static Type? Named(string name) => Type.GetType(name);
        Assert.Equal(typeof(string), Named("System.String"));

        Assert.Contains(IlCalls.Of(typeof(NamedTypeTests)), call => call.Callee == "System.Type.GetType" && !call.AfterConstant);
    }

    [Fact]
    public void Predicting_and_scoring_take_no_lock()
    {
        string[] locks = ["Monitor", "Lock", "SemaphoreSlim", "Semaphore", "Mutex", "SpinLock", "SpinWait", "ReaderWriterLockSlim",
            "Interlocked", "Barrier", "ManualResetEventSlim"];
        string[] onTheWay =
        [
            "MnistMlNet.Kernels.", "MnistMlNet.Network.", "MnistMlNet.Scoring.", "MnistMlNet.TwoLayerNetworkModelParameters",
            "MnistMlNet.TwoLayerNetworkTransformer",
        ];

        // The counters by which threads take pieces of one large batch aren't on the way of single rows.
        IlCall[] calls = [.. IlCalls.Of(typeof(TwoLayerNetworkTrainer)).Where(call =>
            !call.Caller.StartsWith("MnistMlNet.Network.ParallelPrediction.", StringComparison.Ordinal)
            && onTheWay.Any(name => call.Caller.StartsWith(name, StringComparison.Ordinal)))];

        Assert.DoesNotContain(calls, call => locks.Contains(call.Callee.Split('.') is [.., var type, _] ? type : "")
            && call.Callee.StartsWith("System.Threading.", StringComparison.Ordinal));
        Assert.InRange(calls.Length, 300, int.MaxValue);
    }
}
