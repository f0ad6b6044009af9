using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Pneumothorax.Lab.Datasets.Importing;

namespace Pneumothorax.Lab.Datasets.Tests.Importing;

public sealed class NihTableTests
{
    [Property(MaxTest = 50)]
    public void Rows_ReadBackAsTheyCameIn_EachImageOnce(NonEmptyArray<(NonNull<string> Image, bool HasPneumothorax, byte Patient, NonNull<string> Others)> lines)
    {
        var table = new NihTable();
        Dictionary<string, NihRecord> first = [];
        foreach (var (image, hasPneumothorax, patient, others) in lines.Get)
        {
            // UTF-8 has no room for half a surrogate, and no file name of the collection has one.
            var name = $"{Plain(image.Get)}.png";
            var record = new NihRecord(name, hasPneumothorax, Plain(others.Get), $"{patient}", patient % 3 == 0 ? null : $"{patient % 7}", null, patient % 2 == 0 ? "M" : "F", "PA");
            Assert.Equal(first.TryAdd(name, record), table.TryAdd(record));
        }

        Assert.Equal(first.Count, table.Count);
        Assert.Equal(-1, table.Find("nowhere"));
        foreach (var (image, record) in first)
        {
            var row = table.Find(image);
            Assert.Equal(record, table[row]);
            Assert.Equal((record.Patient, record.HasPneumothorax), (table.Patient(row), table.HasPneumothorax(row)));
            Assert.Null(table.Folder(row));
            table.PutInto(row, "images_001");
            table.PutOn(row, NihList.Test);
            Assert.Equal(("images_001", NihList.Test), (table.Folder(row), table.List(row)));
        }
    }

    private static string Plain(string text) => string.Concat(text.Where(letter => !char.IsSurrogate(letter)));
}
