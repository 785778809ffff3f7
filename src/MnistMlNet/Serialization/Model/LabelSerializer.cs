using Microsoft.ML.Data;
using MnistMlNet.Data;
using MnistMlNet.Primitives;

namespace MnistMlNet.Serialization.Model;

/// <summary>Writes and reads the label values of a model: a kind, then one value for each class.</summary>
internal static class LabelSerializer
{
    /// <summary>The kinds and their bytes in the file. Never change a number; add new kinds at the end.</summary>
    internal enum Kind : byte
    {
        None = 0,
        Text = 1,
        Boolean = 2,
        SByte = 3,
        Byte = 4,
        Int16 = 5,
        UInt16 = 6,
        Int32 = 7,
        UInt32 = 8,
        Int64 = 9,
        UInt64 = 10,
        Single = 11,
        Double = 12,
        DateTime = 13,
        DateTimeOffset = 14,
        TimeSpan = 15,
    }

    public static void Write(PayloadWriter writer, ClassLabels? labels)
    {
        switch (labels?.Values)
        {
            case null:
                writer.Byte((byte)Kind.None);
                break;
            case ReadOnlyMemory<char>[] values:
                WriteAll(writer, Kind.Text, values, value => writer.Text(value.ToString()));
                break;
            case bool[] values:
                WriteAll(writer, Kind.Boolean, values, value => writer.Byte(value ? (byte)1 : (byte)0));
                break;

            // Compare exact types: a pattern for an array of a signed type would match the unsigned type, too, since the runtime converts
            // between them.
            case Array values when values.GetType() == typeof(sbyte[]):
                WriteAll(writer, Kind.SByte, (sbyte[])values, value => writer.Int64(value));
                break;
            case Array values when values.GetType() == typeof(byte[]):
                WriteAll(writer, Kind.Byte, (byte[])values, value => writer.Int64(value));
                break;
            case Array values when values.GetType() == typeof(short[]):
                WriteAll(writer, Kind.Int16, (short[])values, value => writer.Int64(value));
                break;
            case Array values when values.GetType() == typeof(ushort[]):
                WriteAll(writer, Kind.UInt16, (ushort[])values, value => writer.Int64(value));
                break;
            case Array values when values.GetType() == typeof(int[]):
                WriteAll(writer, Kind.Int32, (int[])values, value => writer.Int64(value));
                break;
            case Array values when values.GetType() == typeof(uint[]):
                WriteAll(writer, Kind.UInt32, (uint[])values, value => writer.Int64(value));
                break;
            case Array values when values.GetType() == typeof(long[]):
                WriteAll(writer, Kind.Int64, (long[])values, writer.Int64);
                break;
            case Array values when values.GetType() == typeof(ulong[]):
                WriteAll(writer, Kind.UInt64, (ulong[])values, value => writer.Int64(unchecked((long)value)));
                break;
            case float[] values:
                WriteAll(writer, Kind.Single, values, value => writer.Double(value));
                break;
            case double[] values:
                WriteAll(writer, Kind.Double, values, writer.Double);
                break;
            case DateTime[] values:
                WriteAll(writer, Kind.DateTime, values, value => writer.Int64(value.Ticks));
                break;
            case DateTimeOffset[] values:
                WriteAll(writer, Kind.DateTimeOffset, values, value =>
                {
                    writer.Int64(value.Ticks);
                    writer.Int64(value.Offset.Ticks);
                });
                break;
            case TimeSpan[] values:
                WriteAll(writer, Kind.TimeSpan, values, value => writer.Int64(value.Ticks));
                break;
            default:
                throw new NotSupportedException($"Label values of type {labels!.ItemType} can't be saved.");
        }
    }

    public static ClassLabels? Read(PayloadReader reader, int classCount)
    {
        var kind = (Kind)reader.Byte("labelKind", (byte)Kind.TimeSpan);
        long minSize = kind switch
        {
            Kind.None => 0,
            Kind.Text => sizeof(int),
            Kind.Boolean => sizeof(byte),
            Kind.DateTimeOffset => 2 * sizeof(long),
            _ => sizeof(long),
        };
        reader.Require("labelValues", minSize * classCount);
        return kind switch
        {
            Kind.None => null,
            Kind.Text => ReadAll(TextDataViewType.Instance, () => reader.Text("labelValue").AsMemory()),
            Kind.Boolean => ReadAll(BooleanDataViewType.Instance, () => reader.Byte("labelValue", 1) == 1),
            Kind.SByte => ReadAll(NumberDataViewType.SByte, () => (sbyte)Integer(sbyte.MinValue, sbyte.MaxValue)),
            Kind.Byte => ReadAll(NumberDataViewType.Byte, () => (byte)Integer(byte.MinValue, byte.MaxValue)),
            Kind.Int16 => ReadAll(NumberDataViewType.Int16, () => (short)Integer(short.MinValue, short.MaxValue)),
            Kind.UInt16 => ReadAll(NumberDataViewType.UInt16, () => (ushort)Integer(ushort.MinValue, ushort.MaxValue)),
            Kind.Int32 => ReadAll(NumberDataViewType.Int32, () => (int)Integer(int.MinValue, int.MaxValue)),
            Kind.UInt32 => ReadAll(NumberDataViewType.UInt32, () => (uint)Integer(uint.MinValue, uint.MaxValue)),
            Kind.Int64 => ReadAll(NumberDataViewType.Int64, () => Integer(long.MinValue, long.MaxValue)),
            Kind.UInt64 => ReadAll(NumberDataViewType.UInt64, () => unchecked((ulong)Integer(long.MinValue, long.MaxValue))),
            Kind.Single => ReadAll(NumberDataViewType.Single, () => (float)reader.Double("labelValue")),
            Kind.Double => ReadAll(NumberDataViewType.Double, () => reader.Double("labelValue")),
            Kind.DateTime => ReadAll(DateTimeDataViewType.Instance, () => new DateTime(Integer(0, DateTime.MaxValue.Ticks))),
            Kind.DateTimeOffset =>
                ReadAll(DateTimeOffsetDataViewType.Instance, () =>
                Offset(Integer(0, DateTime.MaxValue.Ticks), Integer(-TimeSpan.TicksPerDay, TimeSpan.TicksPerDay))),
            _ => ReadAll(TimeSpanDataViewType.Instance, () => new TimeSpan(Integer(long.MinValue, long.MaxValue))),
        };

        long Integer(long min, long max)
        {
            long value = reader.Int64("labelValue", min);
            return value <= max ? value : throw new InvalidDataException($"labelValue is {value}; it must be {min} to {max}.");
        }

        static DateTimeOffset Offset(long ticks, long offset)
        {
            try
            {
                return new DateTimeOffset(ticks, new TimeSpan(offset));
            }
            catch (ArgumentException e)
            {
                throw new InvalidDataException($"labelValue of {ticks} ticks with an offset of {offset} isn't a valid time: {e.Message}",
                    e);
            }
        }

        ClassLabels ReadAll<T>(PrimitiveDataViewType type, Func<T> read)
            where T : notnull
        {
            var values = new T[classCount];
            for (int c = 0; c < values.Length; c++)
            {
                values[c] = read();
            }

            return ClassLabels.Create(type, values);
        }
    }

    private static void WriteAll<T>(PayloadWriter writer, Kind kind, T[] values, Action<T> write)
    {
        writer.Byte((byte)kind);
        foreach (T value in values)
        {
            write(value);
        }
    }
}
