using System.Reflection;
using System.Reflection.Emit;

namespace MnistMlNet.Tests;

/// <summary>
/// The string literals in the methods of an assembly, from its instructions. A message that is completed at run time is there in pieces,
/// without the inserted values.
/// </summary>
internal static class MessageTexts
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>
    /// The methods that create warnings, and the exception that SaveOnnx throws later, without creating an exception themselves.
    /// </summary>
    private static readonly string[] s_makers = ["Warning", "set_Warning", "Unusable"];

    /// <summary>Gets each text, and whether it is in a method that creates an exception or a warning.</summary>
    public static IEnumerable<(string Text, bool IsOfMessage)> In(Assembly assembly) =>
        from type in assembly.GetTypes()
        from method in type.GetMethods(Declared).Cast<MethodBase>().Concat(type.GetConstructors(Declared))
        let il = method.GetMethodBody()?.GetILAsByteArray()
        where il is not null
        let isOfMessage = method.Name.Contains("Warning", StringComparison.Ordinal) || MakesMessage(method, il)
        from text in Texts(method, il)
        select (text, isOfMessage);

    private static bool MakesMessage(MethodBase method, byte[] il) => Il.Read(il).Any(instruction =>
        (instruction.Code == OpCodes.Newobj && Called(method, instruction.Operand).DeclaringType!.IsAssignableTo(typeof(Exception)))
        || (instruction.Code.FlowControl == FlowControl.Call && instruction.Code != OpCodes.Newobj && instruction.Code != OpCodes.Calli
            && s_makers.Contains(Called(method, instruction.Operand).Name)));

    // Strings that are joined by + in the source follow each other with nothing inserted between them; they form one text.
    private static List<string> Texts(MethodBase method, byte[] il)
    {
        List<string> texts = [];
        string? loaded = null;
        bool goesOn = false;
        foreach ((OpCode code, int operand) in Il.Read(il))
        {
            bool isLiteral = loaded is not null && code == OpCodes.Call && Called(method, operand).Name == "AppendLiteral";
            if (isLiteral && goesOn)
            {
                texts[^1] += loaded;
            }
            else if (loaded is not null)
            {
                texts.Add(loaded);
            }

            loaded = code == OpCodes.Ldstr ? method.Module.ResolveString(operand) : null;
            goesOn = isLiteral || (goesOn && (loaded is not null || code == OpCodes.Ldloca_S || code == OpCodes.Ldloca));
        }

        return texts;
    }

    private static MethodBase Called(MethodBase method, int token) => method.Module.ResolveMethod(
        token, method.DeclaringType!.GetGenericArguments(), method.IsGenericMethodDefinition ? method.GetGenericArguments() : [])!;
}
