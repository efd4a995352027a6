import type { Sample } from "./sample.ts";

export const septemberMid: Sample[] = [
  {
    section: "van-hoa",
    tags: ["Trung thu", "làng nghề", "thiếu nhi"],
    photos: ["den-keo-quan.jpg", "cat-giay.jpg"],
    copy: `Trung thu 2024:

Thắp lại những ngọn đèn kéo quân ở làng Vân Đăng

16/09/2024, 18:40

Có lúc cả làng chỉ còn một người biết làm đèn kéo quân. Mùa trăng này, 27 gia đình ở Vân Đăng lại đỏ lửa nồi hồ, và những người bận nhất là các thợ trẻ chưa đầy 20 tuổi.

Chiếc đèn sáu mặt vừa hoàn thành trong sân đình Vân Đăng. Ảnh: PV

Con ngõ dẫn vào nhà cụ Kiều Văn Thịnh dài chừng trăm bước, bước nào cũng vướng nan tre. Cụ năm nay 84 tuổi, mắt đã kém, nhưng chỉ cần lướt ngón tay dọc thanh nan là biết dày mỏng có đều không. “Nan lệch một li thì trục lệch một phân, mà trục đã lệch thì quân không chạy”, cụ nói rồi bật cười, như vừa nhắc lại lời mắng của thầy mình bảy mươi năm trước.

Đèn kéo quân trông đơn giản: một chiếc lồng giấy, một trục tre, một cái tán xòe như chong chóng và ngọn nến. Hơi nóng bốc lên đẩy tán quay, tán kéo theo vòng hình cắt, và bóng của đoàn quân, của ông nghè vinh quy, của đàn cá chép cứ thế nối nhau chạy quanh các mặt giấy. Cái khó nằm ở chỗ mắt thường không thấy: tán phải nhẹ, trục phải thẳng, đầu kim phải trơn đến mức thổi khẽ cũng quay.

## Mười năm một mình

Những năm đèn nhựa chạy pin tràn về, Vân Đăng bỏ nghề rất nhanh. Một chiếc đèn làm mất hai ngày công, bán được vài chục nghìn đồng, trong khi đèn nhựa vừa rẻ vừa biết hát. Đến năm 2010, cả làng chỉ còn cụ Thịnh mỗi mùa làm vài chiếc cho các cháu trong họ. “Mười năm ấy tôi làm một mình, nhiều khi làm xong chẳng biết treo ở đâu”, cụ kể. Cụ vẫn cất trong rương bộ khuôn cắt hình bằng da trâu gồm 48 mẫu, mẫu cũ nhất do ông nội để lại. Có người trả giá cao để mua về trưng bày, cụ lắc đầu.

## Lớp học ngoài hiên

Mọi chuyện đổi khác từ mùa hè năm 2021, khi cô cháu nội Kiều Minh Nguyệt, lúc ấy học lớp 10, quay một đoạn phim ngắn ghi lại cảnh ông thử đèn trong đêm mất điện. Đoạn phim được xem hơn 200.000 lượt. Cuối tuần sau, 11 bạn trẻ trong làng đến xin học.

Lớp học đặt ngay ngoài hiên, không học phí, không giáo trình. Buổi đầu chỉ chẻ tre. Buổi thứ hai vẫn chẻ tre. Phải đến buổi thứ tư, học trò mới được cầm kéo. Ba người bỏ cuộc, tám người ở lại, rồi rủ thêm anh chị em, bố mẹ. Đến nay, 27 gia đình nhận làm đèn, có nhà chuyên một công đoạn, có nhà làm trọn cả chiếc.

Nguyệt, nay là sinh viên ngành thiết kế, thay nến bằng bóng đèn nhỏ tỏa nhiệt vừa đủ để tán vẫn quay nhờ hơi nóng như xưa. Cô cũng vẽ thêm những “quân” mới: chị gánh rau, chú đưa thư, đội bóng của trường làng. “Ông bảo đèn ngày trước kể chuyện ngày trước thì đèn bây giờ phải kể chuyện bây giờ”, Nguyệt nói.

Học trò nhỏ tuổi nhất lớp cắt hình đoàn rước bằng giấy dó. Ảnh: PV

## Một mùa trăng bận rộn

Mùa này, làng nhận đặt gần 2.600 chiếc, giá từ 120.000 đồng cho đèn bốn mặt đến 900.000 đồng cho đèn sáu mặt cao gần một mét. Trừ chi phí, mỗi gia đình thu thêm khoảng 15 đến 20 triệu đồng trong hai tháng. Không lớn, nhưng đủ để tiếng chẻ tre không tắt sau rằm.

Tối mai, rằm tháng Tám, 100 chiếc đèn sẽ được thắp cùng lúc trong sân đình. Trẻ em đến dự được phát sẵn nan, giấy và hồ để tự làm một chiếc mang về; chiếc nào không quay, các anh chị thợ sẽ ngồi lại chỉnh cho đến khi quay mới thôi.

Chúng tôi ra về khi trời đã tối hẳn. Ngoài hiên, cụ Thịnh châm thử một ngọn nến. Chiếc tán khẽ rùng mình, rồi đoàn quân giấy bắt đầu đi.

Lan Chi – Bảo Ngân`,
  },
  {
    section: "chinh-tri",
    tags: ["thanh niên", "việc làm"],
    copy: `Đối thoại với thanh niên:

Ba câu hỏi của những người muốn lập nghiệp ở quê

18/09/2024, 09:05

Thanh niên cần gì để ở lại quê lập nghiệp? Ba nhóm câu hỏi được nêu tại buổi đối thoại chiều 17/9 giữa Ủy ban nhân dân xã Lộc Triều và hơn 200 đoàn viên, thanh niên.

Câu hỏi thứ nhất: học nghề gì? Xã cho biết hai lớp điện dân dụng và sửa chữa máy nông nghiệp, mỗi lớp 30 chỗ, sẽ khai giảng trong tháng 10, miễn học phí cho người dưới 30 tuổi thường trú tại xã.

Câu hỏi thứ hai: vốn ở đâu? Quỹ khởi nghiệp thanh niên của xã cho vay tối đa 50 triệu đồng mỗi dự án, không cần thế chấp, có người đi trước kèm cặp trong năm đầu. Từ đầu năm, quỹ đã hỗ trợ chín dự án, trong đó có trại nấm, xưởng may áo mưa và nhóm sửa xe lưu động.

Câu hỏi thứ ba: chỗ chơi ở đâu? Một sân bóng cỏ nhân tạo và phòng đọc có mạng không dây sẽ được hoàn thành trong quý I năm sau trên nền nhà kho cũ.

“Chúng tôi không cần những lời hứa dài. Có ngày, có chỗ, có người phụ trách là yên tâm”, chị Cao Thị Diễm, 24 tuổi, thợ may ở thôn Thượng, nói.

Biên bản buổi đối thoại, kèm thời hạn của từng việc, đã được dán tại trụ sở xã sáng 18/9.

Minh Thư`,
  },
  {
    section: "the-thao",
    tags: ["bóng đá", "thiếu nhi"],
    copy: `Ngày mai khởi tranh giải bóng đá thiếu niên Cúp Mùa Thu

20/09/2024, 16:15

Hai mươi bốn đội chia thành sáu bảng, thi đấu từ ngày 21/9 đến ngày 13/10 trên ba sân cỏ nhân tạo. Hai đội đầu mỗi bảng và bốn đội xếp thứ ba có thành tích tốt nhất vào vòng 16 đội.

Mỗi trận gồm hai hiệp, mỗi hiệp 25 phút. Điều lệ năm nay yêu cầu mọi cầu thủ có tên trong danh sách phải được vào sân ít nhất mười phút; đội vi phạm bị trừ một điểm.

Trận khai mạc diễn ra lúc 7 giờ 30 giữa đội phường Bến Thóc và đội xã Sơn Đoài. Khán giả vào sân tự do.

Vũ Kha`,
  },
  {
    section: "van-hoa",
    tags: ["sách", "giáo dục", "thiếu nhi"],
    photos: ["xe-sach.jpg"],
    copy: `Chuyến xe chở 3.000 cuốn sách về làng

22/09/2024, 08:20

Chiếc xe buýt cũ được sơn lại màu vàng, lắp giá sách hai bên, mỗi tuần ghé bốn xã ven biển. Sau một năm, thư viện lưu động đã có hơn 5.000 bạn đọc nhỏ tuổi.

Giờ đọc truyện bên xe sách ở xã Lộc Triều. Ảnh: PV

Xe mang theo khoảng 3.000 cuốn, mỗi quý thay mới một phần ba. Trẻ em được mượn hai cuốn về nhà mà không cần đặt cọc, chỉ ghi tên vào sổ. Tỷ lệ sách trả đúng hẹn đến nay là 97%.

Nhóm vận hành có bảy người, gồm giáo viên về hưu và sinh viên. Ngoài cho mượn sách, họ đọc truyện theo vai, dạy các em đóng lại gáy sách rách và viết thư cho tác giả.

“Có hôm mưa to, tưởng chẳng ai đến, mở cửa xe ra đã thấy mười mấy đứa trùm áo mưa đứng đợi”, cô Trịnh Thị Hảo, giáo viên dạy văn đã nghỉ hưu, kể.

Cuốn được mượn nhiều nhất không phải truyện tranh mà là một tập truyện cổ tích in chữ to. Các em nói mượn về để đọc cho ông bà nghe.

Từ tháng 10, xe có thêm một kệ sách nói dành cho trẻ khiếm thị, đồng thời kéo dài giờ dừng ở mỗi điểm từ hai lên ba tiếng.

Bảo Ngân`,
  },
];
