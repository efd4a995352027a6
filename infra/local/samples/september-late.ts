import type { Sample } from "./sample.ts";

export const septemberLate: Sample[] = [
  {
    section: "thoi-su",
    tags: ["giao thông", "ven sông"],
    photos: ["cau-do-can.jpg"],
    copy: `Xã Sơn Đoài:

Thông xe cầu Đò Cạn, học sinh hết cảnh đi vòng 9 km

24/09/2024, 14:10

Thông xe cầu Đò Cạn, học sinh hết cảnh đi vòng 9 km – Sáng 24/9, cây cầu bê tông dài 86 m bắc qua sông Vọng chính thức cho xe đạp, xe máy và ô tô dưới 5 tấn qua lại.

Những học sinh đầu tiên đạp xe qua cầu sáng 24/9. Ảnh: Hữu Bình

Cầu rộng 4 m, có lan can cao 1,2 m và đèn chiếu sáng, nối thôn Đò với trung tâm xã. Công trình khởi công từ tháng 11 năm ngoái, một phần kinh phí do người dân và con em xa quê đóng góp.

Trước đây, 130 học sinh thôn Đò phải qua đò ngang hoặc đi vòng 9 km; ngày nước lớn, đò ngừng chạy, nhiều em đành nghỉ học.

Ông Lương Văn Bến, người chèo đò suốt 31 năm, là một trong những người đầu tiên bước qua cầu. “Tôi mất việc mà vui. Con đò để lại cho các cháu chụp ảnh”, ông cười.

Xã đã đặt biển hạn chế tải trọng ở hai đầu cầu, giao tổ tự quản của thôn kiểm tra mặt cầu, lan can mỗi tháng một lần.

Tin, ảnh: Hữu Bình`,
  },
  {
    section: "kinh-te",
    tags: ["nông sản", "nông nghiệp"],
    photos: ["cho-phien.jpg"],
    copy: `Chợ phiên nông sản mở vào mỗi cuối tuần

26/09/2024, 08:45

Từ ngày 28/9, chợ phiên nông sản họp vào sáng thứ Bảy và sáng Chủ nhật hằng tuần trên bãi đất trống cạnh bến xe cũ, với 36 gian hàng của các hợp tác xã và hộ sản xuất trong vùng.

Rau quả bày bán trong buổi họp thử của chợ phiên. Ảnh: PV

Mỗi gian hàng phải niêm yết giá, ghi rõ nơi trồng và ngày thu hoạch; người mua có thể nhờ kiểm tra nhanh rau quả tại bàn xét nghiệm đặt ở cổng chợ. Ban quản lý miễn phí mặt bằng trong ba tháng đầu và không cho dùng túi ni lông.`,
  },
  {
    section: "the-thao",
    tags: ["bóng chuyền"],
    photos: ["bong-chuyen.jpg"],
    copy: `Bóng chuyền nữ nông dân:

Đội Đồng Mơ ngược dòng trong trận chung kết năm hiệp

27/09/2024, 20:30

Thua hai hiệp đầu, các cô gái trồng rau của Đồng Mơ thắng liền ba hiệp để lần đầu nâng cúp trước gần 1.000 khán giả.

Đối thủ của Đồng Mơ là An Hoằng, đội chưa thua trận nào từ đầu giải. Với hàng chắn cao và những cú đập uy lực ở vị trí số 4, An Hoằng thắng nhanh 25-18 và 25-21.

Pha tranh bóng trên lưới trong trận chung kết. Ảnh: Duy Khang

Bước ngoặt đến ở hiệp ba, khi Đồng Mơ đang bị dẫn 16-20. Đội trưởng Lã Thị Bưởi, 38 tuổi, ba lần liên tiếp phát bóng ăn điểm trực tiếp, kéo đội trở lại rồi thắng 25-23.

Hai hiệp sau, Đồng Mơ chuyển sang bỏ nhỏ và đẩy bóng dài về cuối sân, thắng 25-20 và 15-12.

“Cả đội bảo nhau cứ coi như đang đợi nước rút, bình tĩnh rồi sẽ qua”, chị Bưởi nói, tay vẫn còn run. Mới hai tuần trước, nhiều người trong đội còn đang gieo lại ruộng rau sau mưa lớn.

Hai đội đồng hạng ba là Lộc Triều và Sơn Đoài. Giải phong cách được trao cho Hương Hạ, đội có tuổi trung bình cao nhất: 44.

Duy Khang`,
  },
  {
    section: "van-hoa",
    tags: ["sân khấu chèo", "thiếu nhi"],
    photos: ["chieu-cheo.jpg"],
    copy: `Ghi chép:

Chiếu chèo sáng đèn giữa sân kho

29/09/2024, 07:00

Câu lạc bộ chèo làng Phù Sa không có rạp, không có lương. Mỗi tối thứ Bảy, họ trải chiếu giữa sân kho hợp tác xã, và lần nào cũng hết chỗ ngồi.

Bảy giờ tối, bà Khổng Thị Nhài khóa cửa quán phở, rửa tay, lấy trong ngăn kéo ra chiếc quạt giấy. Ba mươi phút sau, bà đã là cô Thị Mầu lúng liếng trên chiếu. “Bán phở đứng cả ngày không mệt bằng đứng một lớp Thị Mầu”, bà nói.

Một lớp diễn trên chiếu, giữa sân kho làng Phù Sa. Ảnh: Lan Chi

Câu lạc bộ có 32 thành viên, già nhất 79 tuổi, trẻ nhất mới lên 9. Tiền sắm phục trang do mọi người góp lại; quý nhất trong dàn nhạc là cây nhị của ông Khổng Văn Tấu, đã qua tay ba đời.

## Học chèo từ tiếng trống

Hai năm nay, mỗi chiều Chủ nhật, câu lạc bộ mở lớp cho thiếu nhi. Các em học gõ trống trước, thuộc nhịp rồi mới tập hát. Lớp đầu có sáu em, nay đã có 25, trong đó có mấy cậu bé ban đầu chỉ đến vì thích đánh trống.

Vở được chờ nhất năm nay là một tích chèo mới do chính thành viên viết, kể chuyện cô con dâu thành phố về làng học gói bánh. Lời nôm na, đùa vui, nhưng vẫn giữ các làn điệu đường trường, sa lệch, lới lơ.

Đêm diễn mở màn vào ngày 12/10. Vé là một nắm gạo nếp, một quả bưởi hay bất cứ thứ gì người xem mang theo, để cuối buổi nấu nồi chè chung.

Lan Chi`,
  },
];
