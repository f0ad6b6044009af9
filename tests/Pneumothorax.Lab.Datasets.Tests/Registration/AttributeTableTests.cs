using Pneumothorax.Lab.Datasets.Registration;

namespace Pneumothorax.Lab.Datasets.Tests.Registration;

public sealed class AttributeTableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ColumnsFor_QuotedFields_KeepCommasQuotesAndLineBreaks()
    {
        var table = Table("file,index,note\r\na.h5,0,\"one, \"\"two\"\"\nthree\"\r\na.h5,1,\r\n");

        var note = Assert.Single(table.ColumnsFor("/somewhere/a.h5", [0, 1]));

        Assert.Equal("one, \"two\"\nthree", note.Of(0));
        Assert.Null(note.Of(1));
    }

    [Theory]
    [InlineData("index,age\n0,5\n", "no column \"file\"")]
    [InlineData("file,index,age\na.h5,0\n", "line 2: 2 fields, but the header has 3")]
    [InlineData("file,index\na.h5,first\n", "line 2: the index \"first\"")]
    [InlineData("file,index\na.h5,0\na.h5,0\n", "line 3: image 0 of a.h5 is described twice")]
    [InlineData("file,index\na.h5,\"0\n", "never closed")]
    [InlineData("file,index,note\na.h5,0,a\0b\n", "line 2: a field contains a control character at position 2 (U+0000)")]
    [InlineData("file,index,no\u001Bte\na.h5,0,a\n", "line 1: a field contains a control character at position 3 (U+001B)")]
    [InlineData("file,index,note\na.h5,0,Zo\uFFFD\n", "line 2: a field is not valid UTF-8")]
    [InlineData("", "is empty")]
    public void Read_Malformed_NamesFileAndPlace(string text, string expected)
    {
        var refusal = Assert.Throws<InvalidDataException>(() => Table(text));

        Assert.StartsWith(_folder["table.csv"], refusal.Message, StringComparison.Ordinal);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ColumnsFor_LabelThatContradictsTheFile_IsRefused()
    {
        var table = Table("file,index,label\na.h5,0,1\n");

        Assert.Contains("label 1 for image 0", Assert.Throws<InvalidDataException>(() => table.ColumnsFor("a.h5", [0, 1])).Message, StringComparison.Ordinal);
    }

    private AttributeTable Table(string text)
    {
        File.WriteAllText(_folder["table.csv"], text);
        return AttributeTable.Read(_folder["table.csv"]);
    }
}
