using System.Runtime.ExceptionServices;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace DigitRecognition;

/// <summary>
/// A CSV file of digits as a source for ML.NET's TextLoader, which gets only lines that <see cref="CsvCheck"/> has accepted.
/// </summary>
/// <remarks>
/// The lines are checked by the thread on which the TextLoader reads the file, while its other threads parse earlier lines. So the check
/// needs no pass of its own.
/// </remarks>
internal sealed class CheckedCsv(string path, CsvLayout layout, bool forTraining, CancellationToken cancellationToken) : IMultiStreamSource
{
    private const int BufferSize = 1 << 16;
    private const int RowsPerReport = 500;

    private long _bytesRead;
    private Exception? _failure;

    /// <summary>Gets the number of checked rows.</summary>
    public long RowCount { get; private set; }

    public int Count => 1;

    /// <summary>Loads all rows into memory.</summary>
    /// <param name="report">Gets the number of bytes read so far.</param>
    /// <exception cref="InvalidDataException">The message names the file, the line, the value found and the value expected.</exception>
    public IDataView Load(MLContext mlContext, Action<long> report)
    {
        IDataView rows = mlContext.Data.Cache(
            mlContext.Data.CreateTextLoader(layout.ToLoaderOptions(), new MultiFileSource(path)).Load(this));
        try
        {
            // A cursor over all columns: with a cursor for each column, the cache would read the file once for each of them.
            using DataViewRowCursor cursor = rows.GetRowCursor(rows.Schema);
            while (cursor.MoveNext())
            {
                if (cursor.Position % RowsPerReport == 0)
                {
                    report(Interlocked.Read(ref _bytesRead));
                }
            }
        }
        catch (Exception) when (_failure is not null)
        {
            // The TextLoader wraps what the check has thrown on its thread.
            ExceptionDispatchInfo.Throw(_failure);
        }

        return rows;
    }

    public string GetPathOrNull(int index) => path;

    public Stream Open(int index)
    {
        try
        {
            int minClasses = forTraining ? 2 : 0;
            return new CheckedLines(this, new CsvCheck(path, layout, needsLabels: true, minClasses, cancellationToken));
        }
        catch (Exception e)
        {
            _failure = e;
            throw;
        }
    }

    public TextReader OpenTextReader(int index) => new StreamReader(Open(index), Encoding.UTF8, true, BufferSize);

    /// <summary>The bytes of all lines, each of which was checked before any of its bytes can be read.</summary>
    private sealed class CheckedLines : Stream
    {
        private readonly CheckedCsv _csv;
        private readonly CsvCheck _check;
        private readonly CsvLineReader _lines;
        private byte[] _line = [];
        private int _length;
        private int _place;

        public CheckedLines(CheckedCsv csv, CsvCheck check)
        {
            _csv = csv;
            _check = check;
            _lines = new CsvLineReader(csv.GetPathOrNull(0));
            csv._bytesRead = 0;
        }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer)
        {
            int count = 0;
            while (count < buffer.Length && (_place < _length || NextLine()))
            {
                int part = Math.Min(buffer.Length - count, _length - _place);
                _line.AsSpan(_place, part).CopyTo(buffer[count..]);
                _place += part;
                count += part;
            }

            Interlocked.Add(ref _csv._bytesRead, count);
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            _lines.Dispose();
            base.Dispose(disposing);
        }

        private bool NextLine()
        {
            try
            {
                if (_lines.Read() is not { } line)
                {
                    _check.End(_lines.LineNumber);
                    _csv.RowCount = _check.RowCount;
                    return false;
                }

                _check.Add(line.Span, _lines.LineNumber);
                if (_line.Length <= line.Length)
                {
                    _line = new byte[2 * line.Length + 1];
                }

                line.Span.CopyTo(_line);
                _line[line.Length] = (byte)'\n';
                (_place, _length) = (0, line.Length + 1);
                return true;
            }
            catch (Exception e)
            {
                _csv._failure = e;
                throw;
            }
        }
    }
}
