using System.Reflection;
using System.Reflection.Emit;

namespace MnistMlNet.Tests;

/// <summary>Reads the instructions of a method's body.</summary>
internal static class Il
{
    private static readonly Dictionary<int, OpCode> s_opCodes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => (int)(ushort)code.Value);

    /// <summary>Gives every instruction and its operand; for an operand that isn't four bytes long, as a metadata token is, 0.</summary>
    public static IEnumerable<(OpCode Code, int Operand)> Read(byte[] il)
    {
        for (int at = 0; at < il.Length;)
        {
            OpCode code = s_opCodes[il[at] == 0xFE ? 0xFE00 | il[at + 1] : il[at]];
            at += code.Size;
            int size = code.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(il, at),
                _ => 4,
            };
            yield return (code, size == 4 ? BitConverter.ToInt32(il, at) : 0);
            at += size;
        }
    }
}
