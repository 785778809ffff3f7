using System.Buffers.Binary;
using System.IO.Compression;
using MnistMlNet.Primitives;

namespace MnistMlNet.Mnist;

/// <summary>
/// A forward-only reader of one IDX file, raw or gzip; every error names the file and the offset in the uncompressed content.
/// </summary>
internal sealed class IdxStream : IDisposable
{
    private readonly string _path;
    private readonly FileStream _file;
    private readonly Stream _content;
    private readonly bool _isCompressed;
    private (long Start, long Length, string What) _body;
    private long _offset;
    private bool _isChecked;

    private IdxStream(string path, FileStream file, bool isCompressed)
    {
        _path = path;
        _file = file;
        _isCompressed = isCompressed;
        _content = isCompressed ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    /// <summary>Opens <paramref name="path"/>; gzip is recognized by the content (1F 8B), not by the file's name.</summary>
    /// <exception cref="FileNotFoundException">The file doesn't exist.</exception>
    public static IdxStream Open(string path)
    {
        FileStream file = OpenFile(path);
        try
        {
            // An IDX file starts with two zero bytes, so it can't be mistaken for gzip.
            Span<byte> start = stackalloc byte[2];
            bool isCompressed = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length
                && start[0] == 0x1F && start[1] == 0x8B;
            file.Position = 0;
            var stream = new IdxStream(path, file, isCompressed);
            if (isCompressed)
            {
                stream.RefuseTooManyMembers();
            }

            return stream;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static FileStream OpenFile(string path)
    {
        string full = FileStatus.Absolute(path);
        try
        {
            return FileStatus.OpenRead(full, bufferSize: 1 << 16, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FileNotFoundException($"The IDX file '{Shown.Long(path)}' does not exist.", path, e);
        }
    }

    /// <summary>Reads one big-endian number of the header; <paramref name="field"/> is its name in messages.</summary>
    public int ReadInt32(string field)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        ReadExactly(bytes, field, _offset, bytes.Length);
        return BinaryPrimitives.ReadInt32BigEndian(bytes);
    }

    /// <summary>Reads one number of the header and throws if it isn't <paramref name="min"/>..<paramref name="max"/>.</summary>
    public int ReadInt32(string field, int min, int max)
    {
        int value = ReadInt32(field);
        return value >= min && value <= max
            ? value
            : throw Failure(_offset - sizeof(int), $"{field} is {value}; it must be {min} to {max}");
    }

    /// <summary>Reads the first number of the file and throws if it isn't <paramref name="expected"/>.</summary>
    public void ReadMagic(int expected, string kind)
    {
        int magic = ReadInt32("the magic number");
        if (magic != expected)
        {
            throw Failure(0, $"the magic number is {magic}; a file of {kind} has {expected}");
        }
    }

    /// <summary>Begins the body; throws if the file is too small for it, before memory is allocated for it.</summary>
    /// <param name="length">The length of the body in bytes.</param>
    /// <param name="what">The name of the body's content, for messages.</param>
    public void BeginBody(long length, string what)
    {
        RefuseUnlessPossible(length, what);
        _body = (_offset, length, what);
    }

    /// <summary>Reads the next bytes of the body, as many as <paramref name="destination"/> has.</summary>
    public void ReadPart(Span<byte> destination) =>
        ReadExactly(destination, _body.What, _body.Start, _body.Length);

    /// <summary>Throws if there is any data after the body.</summary>
    public void EndBody()
    {
        if (Read(stackalloc byte[1]) != 0)
        {
            throw Failure(_offset, $"there are more bytes; the file must end after {_body.Length} bytes of {_body.What}");
        }

        if (_isCompressed && !_isChecked)
        {
            RefuseBytesBehindGzip();
        }
    }

    /// <summary>Creates the exception for invalid content.</summary>
    public InvalidDataException Failure(long offset, string foundAndWanted, Exception? cause = null) =>
        new($"'{Shown.Long(_path)}', byte {offset}: {foundAndWanted}.", cause);

    /// <inheritdoc/>
    public void Dispose()
    {
        _content.Dispose();
        _file.Dispose();
    }

    // A header must not cause a large allocation that the file can't fill, so the length of the file limits the size it may declare.
    private void RefuseUnlessPossible(long length, string what)
    {
        long end = _offset + length;
        if (!_isCompressed && _file.Length < end)
        {
            throw Failure(_file.Length, $"the file ends; the header announces {length} bytes of {what}, up to byte {end}");
        }

        // The limit is the compressed length times a ratio: up to MaxExpandedBytes the maximum ratio of deflate, above that a ratio that is
        // realistic for images and labels.
        long max = _file.Length * (length > IdxLimits.MaxExpandedBytes ? IdxLimits.MaxExpansion : IdxLimits.MaxDeflateRatio);
        if (_isCompressed && end > max)
        {
            throw Failure(_offset, $"the header announces {length} bytes of {what}; {_file.Length} compressed bytes are believed to hold "
                + $"at most {max}");
        }
    }

    /// <summary>Throws if there are bytes after the gzip data, which .NET ignores.</summary>
    private void RefuseBytesBehindGzip()
    {
        // A gzip file ends with the length of the content modulo 2³². If the last bytes have this value, the file consists of one member
        // without other data. Otherwise all members are checked, which takes longer.
        Span<byte> trailer = stackalloc byte[sizeof(uint)];
        using FileStream file = FileStatus.OpenRead(_path);
        file.Position = Math.Max(0, file.Length - trailer.Length);
        file.ReadExactly(trailer);
        if (BinaryPrimitives.ReadUInt32LittleEndian(trailer) == unchecked((uint)_offset))
        {
            return;
        }

        file.Position = 0;
        CheckMembers(file, maxContent: _offset);
    }

    /// <summary>Throws, before any content is read, if the file has so many members that reading them would take too long.</summary>
    private void RefuseTooManyMembers()
    {
        if (GzipMembers.MayBeTooMany(_file))
        {
            _file.Position = 0;
            CheckMembers(_file, maxContent: Math.Max(IdxLimits.MaxExpandedBytes, _file.Length * IdxLimits.MaxExpansion));
            _isChecked = true;
        }

        _file.Position = 0;
    }

    private void CheckMembers(FileStream file, long maxContent)
    {
        try
        {
            GzipMembers.Check(file, maxContent);
        }
        catch (InvalidDataException e)
        {
            throw Failure(_offset, $"{e.Message.TrimEnd('.')}; the file must end with whole gzip data", e);
        }
    }

    /// <param name="start">The offset where <paramref name="what"/> starts, for the message.</param>
    /// <param name="length">The full length of <paramref name="what"/> in bytes, for the message.</param>
    private void ReadExactly(Span<byte> destination, string what, long start, long length)
    {
        while (!destination.IsEmpty)
        {
            int count = Read(destination);
            if (count == 0)
            {
                throw Failure(_offset, $"the file ends within {what}, which goes from byte {start} to byte {start + length}");
            }

            _offset += count;
            destination = destination[count..];
        }
    }

    private int Read(Span<byte> destination)
    {
        try
        {
            return _content.Read(destination);
        }
        catch (InvalidDataException e)
        {
            throw Failure(_offset, $"the gzip data is damaged ({e.Message.TrimEnd('.')}); a whole gzip file is expected", e);
        }
    }
}

/// <summary>The limits of the numbers in an IDX header. A larger number is refused before memory is allocated for it.</summary>
internal static class IdxLimits
{
    /// <summary>The first four bytes of an image file: unsigned bytes, three dimensions.</summary>
    public const int ImagesMagic = 2051;

    /// <summary>The first four bytes of a label file: unsigned bytes, one dimension.</summary>
    public const int LabelsMagic = 2049;

    /// <summary>Largest number of images or labels in one file.</summary>
    public const int MaxCount = 10_000_000;

    /// <summary>Largest number of rows, and of columns, of one image.</summary>
    public const int MaxSide = 256;

    /// <summary>
    /// Largest number of pixels in one file: 45 times that of MNIST. It limits the memory of a set; no array has this length.
    /// </summary>
    public const long MaxPixels = 0x7FFF_FFC7;

    /// <summary>Number of digits; a label is 0 to one less.</summary>
    public const int DigitCount = 10;

    /// <summary>The length of the content that a compressed file of any size may have: that of MNIST's 60,000 images.</summary>
    public const long MaxExpandedBytes = 48L << 20;

    /// <summary>The maximum ratio of content to compressed length for longer contents; MNIST has a ratio of 5.</summary>
    public const long MaxExpansion = 32;

    /// <summary>
    /// The maximum compression ratio of deflate (258 bytes from 2 bits); a compressed file that declares more is truncated or forged.
    /// </summary>
    public const long MaxDeflateRatio = 1032;
}
