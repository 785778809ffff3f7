using System.Reflection;
using System.Reflection.Emit;
using MnistMlNet.Kernels;
using MnistMlNet.Mpi;
using MnistMlNet.Network;

namespace MnistMlNet.Tests;

/// <summary>The folders of the library depend on each other in one direction, as docs/architecture.md draws it.</summary>
public sealed class LayeringTests
{
    private const string Root = "MnistMlNet";

    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>The folders that each folder may use, besides itself. A folder that isn't listed fails the test.</summary>
    private static readonly Dictionary<string, string[]> s_allowed = new()
    {
        ["Primitives"] = [],
        ["Kernels"] = ["Primitives"],
        ["Configuration"] = ["Primitives"],
        ["Data"] = ["Primitives", "Kernels", "Configuration"],
        ["Network"] = ["Primitives", "Kernels", "Configuration", "Data"],
        ["Optimizers.Lbfgs"] = ["Primitives"],
        ["Optimizers"] = ["Primitives", "Kernels", "Configuration", "Network", "Optimizers.Lbfgs"],
        ["Augmentations"] = ["Primitives", "Kernels"],
        ["Training"] = ["Primitives", "Kernels", "Configuration", "Data", "Network", "Optimizers", "Optimizers.Lbfgs", "Augmentations"],
        ["Scoring"] = ["Primitives", "Configuration", "Data", "Network"],
        ["Serialization.Model"] = ["Primitives", "Configuration", "Data", "Network"],
        ["Serialization.Npz"] = ["Primitives", "Network"],
        ["Serialization.Onnx"] = ["Primitives", "Kernels", "Data", "Network"],
        ["Mnist"] = ["Primitives"],
    };

    /// <summary>
    /// The public types on top of the folders. Only the folders named here may use them; all other public types may be used by every
    /// folder.
    /// </summary>
    private static readonly Dictionary<Type, string[]> s_tops = new()
    {
        [typeof(TwoLayerNetworkTrainer)] = [],
        [typeof(TwoLayerNetworkTransformer)] = ["Training", "Serialization.Model", "Serialization.Onnx"],
        [typeof(TwoLayerNetworkModelParameters)] = ["Training", "Scoring", "Serialization.Model", "Serialization.Npz",
            "Serialization.Onnx"],
    };

    [Fact]
    public void No_folder_uses_a_folder_above_it()
    {
        string[] backward = [.. References()
            .Where(use => !IsAllowed(use.From, use.To))
            .Select(use => $"{use.From.FullName} -> {use.To.FullName}")
            .Distinct().Order()];

        Assert.True(backward.Length == 0, "References that run against the table in this test:\n" + string.Join("\n", backward));
    }

    [Fact]
    public void The_table_lists_the_folders_that_there_are() => Assert.Equal(
        s_allowed.Keys.Order(),
        Types().Select(Folder).Where(folder => folder.Length > 0).Distinct().Order());

    [Fact]
    public void The_table_has_no_circle()
    {
        var placed = new HashSet<string>();
        while (s_allowed.Keys.FirstOrDefault(folder => !placed.Contains(folder) && s_allowed[folder].All(placed.Contains)) is { } next)
        {
            placed.Add(next);
        }

        Assert.Empty(s_allowed.Keys.Except(placed));
    }

    [Fact]
    public void The_reader_sees_uses_in_signatures_fields_and_code()
    {
        HashSet<(Type, Type)> uses = [.. References()];

        Assert.Contains((typeof(TwoLayerNetworkModelParametersBase), typeof(Predictor)), uses);          // a field, and calls
        Assert.Contains((typeof(Predictor), typeof(ActivationFunctions)), uses);                 // calls of a static class only
        Assert.Contains((typeof(TwoLayerNetworkTransformerBase<>), typeof(TrainingHistory)), uses);                    // a property
    }

    [Fact]
    public void The_library_knows_nothing_of_MPI()
    {
        Assembly library = typeof(TwoLayerNetworkTrainer).Assembly;

        Assert.DoesNotContain(library.GetReferencedAssemblies(), name => name.Name == typeof(MpiCollective).Assembly.GetName().Name);
        Assert.DoesNotContain(MessageTexts.In(library), text => text.Text.Contains("MPI", StringComparison.Ordinal));
    }

    [Fact]
    public void The_package_for_MPI_uses_the_library_s_interface_only()
    {
        string[] used = [.. typeof(MpiCollective).Assembly.GetTypes()
            .SelectMany(type => Used(type)).SelectMany(Parts).Where(IsOurs).Select(type => type.Name).Distinct()];

        Assert.Equal([nameof(ICollective)], used);
    }

    private static bool IsAllowed(Type from, Type to)
    {
        string source = Folder(from), target = Folder(to);
        if (source == target || source.Length == 0)
        {
            return true;
        }

        return target.Length == 0
            ? !s_tops.TryGetValue(to, out string[]? users) || users.Contains(source)
            : s_allowed.TryGetValue(source, out string[]? allowed) && allowed.Contains(target);
    }

    private static string Folder(Type type) =>
        type.Namespace is { } name && name.StartsWith(Root + ".", StringComparison.Ordinal) ? name[(Root.Length + 1)..] : "";

    private static IEnumerable<Type> Types() =>
        typeof(TwoLayerNetworkTrainer).Assembly.GetTypes().Where(type => IsOurs(type) && !type.IsNested);

    private static bool IsOurs(Type type) =>
        type.Assembly == typeof(TwoLayerNetworkTrainer).Assembly
            && (type.Namespace is Root or "Microsoft.ML" || type.Namespace?.StartsWith(Root + ".", StringComparison.Ordinal) == true);

    private static IEnumerable<(Type From, Type To)> References() =>
        from type in typeof(TwoLayerNetworkTrainer).Assembly.GetTypes()
        where IsOurs(type)
        from used in Used(type).SelectMany(Parts)
        where IsOurs(used) && !IsOptions(used) && Outermost(used) != Outermost(type)
        select (Outermost(type), Outermost(used));

    private static IEnumerable<Type?> Used(Type type) =>
    [
        type.BaseType,
        .. type.GetInterfaces(),
        .. type.GetFields(Declared).Select(field => field.FieldType),
        .. type.GetMethods(Declared).Cast<MethodBase>().Concat(type.GetConstructors(Declared)).SelectMany(UsedBy),
    ];

    private static IEnumerable<Type?> UsedBy(MethodBase method) =>
    [
        (method as MethodInfo)?.ReturnType,
        .. method.GetParameters().Select(parameter => parameter.ParameterType),
        .. method.GetMethodBody() is { } body
            ? body.LocalVariables.Select(local => local.LocalType).Concat(Named(method, body.GetILAsByteArray()!)) : [],
    ];

    /// <summary>The types that the instructions of a method name, and those whose members they name.</summary>
    private static IEnumerable<Type?> Named(MethodBase method, byte[] il)
    {
        Type[] ofType = method.DeclaringType!.GetGenericArguments(), ofMethod = method.IsGenericMethodDefinition
            ? method.GetGenericArguments() : [];
        foreach ((OpCode code, int operand) in Il.Read(il))
        {
            if (code.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
            {
                MemberInfo member = method.Module.ResolveMember(operand, ofType, ofMethod)!;
                yield return member as Type ?? member.DeclaringType;
                foreach (Type argument in (member as MethodInfo)?.GetGenericArguments() ?? [])
                {
                    yield return argument;
                }
            }
        }
    }

    /// <summary>A type without its array, reference and pointer parts, and the arguments of a generic type.</summary>
    private static IEnumerable<Type> Parts(Type? type)
    {
        if (type is null)
        {
            return [];
        }

        if (type.HasElementType)
        {
            return Parts(type.GetElementType());
        }

        return type.IsGenericType ? [type.GetGenericTypeDefinition(), .. type.GetGenericArguments().SelectMany(Parts)] : [type];
    }

    /// <summary>The options may be used by every folder, although they are nested in the trainer, as in ML.NET.</summary>
    private static bool IsOptions(Type type) => type == typeof(TwoLayerNetworkTrainer.Options);

    private static Type Outermost(Type type)
    {
        while (type.DeclaringType is { } outer)
        {
            type = outer;
        }

        return type;
    }
}
